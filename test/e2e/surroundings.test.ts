import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { screenOf } from '../cli/render/screen.ts'
import { inTerminal, noTerminal } from '../cli/terminal.ts'
import { command, isScript } from './program.ts'
import { expectAllHome, type Scenario, scenario } from './scenario.ts'

const names = ['Grüße, 日本.jpg', 'b.jpg']

function twoImages(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Straßen – é' })
  for (const fileName of names) world.addImage(album, { fileName })
  return world
}

/** A run for people to read, and the one after it for which nothing is new: the catalog kept what the first one did. */
async function twoRuns(scene: Scenario, env: Record<string, string | undefined>): Promise<void> {
  const { code, stderr } = await scene.smugdl(['-o', scene.output], env)
  expect(code, stderr).toBe(0)
  await expectAllHome(scene, await scene.download(), { unchanged: 2 })
}

describe.concurrent('the program works', () => {
  it('with an empty PATH', async () => {
    await using scene = await scenario(twoImages())
    await twoRuns(scene, { PATH: '' })
  })

  it('with letters that the locale does not know, on the disk and on the screen', async () => {
    await using scene = await scenario(twoImages())
    for (const LC_ALL of ['C', 'de_DE.ISO-8859-1']) await twoRuns(scene, { LC_ALL, LANG: LC_ALL })
    expect([...(await scene.home()).keys()]).toEqual(names.map((name) => `Straßen – é/${name}`).sort())
    const { stdout } = await scene.smugdl(['find', '**'], { SMUGDL_OUTPUT: scene.output, LC_ALL: 'C', LANG: 'C' })
    expect(stdout).toContain('Straßen – é/Grüße, 日本.jpg')
  })

  it('with a home in which nothing can be made, and with none', async () => {
    await using scene = await scenario(twoImages())
    const config = { SMUGDL_CONFIG_DIR: undefined, XDG_CONFIG_HOME: undefined }
    // Not even root can make something in there.
    await twoRuns(scene, { ...config, HOME: '/dev/null' })
    await twoRuns(scene, { ...config, HOME: undefined })
    const { code, stdout } = await scene.smugdl(['doctor'], { ...config, HOME: '/dev/null' })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok {4}config .* is not there yet$/m)])
  })

  // Node that somebody installed obeys, and refuses with 9 before our first line; the one inside the executable is not asked.
  it.each(['--no-such-option', '--require /nowhere/at/all.js', '--permission'])(
    `${isScript ? 'only without' : 'with'} NODE_OPTIONS set to %s`,
    async (NODE_OPTIONS) => {
      await using scene = await scenario(twoImages())
      if (!isScript) await twoRuns(scene, { NODE_OPTIONS })
      else expect((await scene.smugdl(['-o', scene.output], { NODE_OPTIONS })).code).not.toBe(0)
    },
  )
})

describe.concurrent('a reader that goes away', () => {
  it('ends the program quietly, and as if interrupted', async () => {
    const world = new World()
    // More than a pipe and Node hold: it is certain that the program still has something to say.
    for (let number = 0; number < 2000; number++) world.addAlbum({ name: `${number} ${'long '.repeat(20)}` })
    await using scene = await scenario(world)
    const [first = '', ...rest] = [...command, 'albums', '--json']
    const child = spawn(first, rest, {
      env: { PATH: process.env.PATH, SMUGDL_CONFIG_DIR: join(scene.folder, 'config'), ...scene.smugmug.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)])
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
  })
})

describe.skipIf(noTerminal !== undefined)(`in a terminal${noTerminal ? ` (skipped: ${noTerminal})` : ''}`, () => {
  it('a run leaves the names as they are, and the sums as the last line', async () => {
    await using scene = await scenario(twoImages())
    const env = { ...scene.smugmug.environment, SMUGDL_CONFIG_DIR: join(scene.folder, 'config'), LC_ALL: 'C' }
    const terminal = await inTerminal(['-v', '-o', scene.output], env, { columns: 100, command })
    expect((await terminal.ended).code).toBe(0)
    const screen = screenOf(terminal.shown(), 100).filter((line) => line !== '')
    expect(screen.join('\n')).toContain('Straßen – é/Grüße, 日本.jpg')
    expect(screen.at(-1)).toMatch(/^folder: 2 listed = 2 new \+ /)
  })

  it('Ctrl-C at a hidden question ends with 130 and leaves the terminal as it was', async () => {
    await using scene = await scenario(twoImages())
    const terminal = await inTerminal(['login'], { SMUGDL_CONFIG_DIR: join(scene.folder, 'config') }, { command })
    await terminal.saw(/API key: /)
    terminal.type('half a key')
    terminal.type('\x03')
    expect(await terminal.ended).toEqual({ code: 130, echo: true, lines: true })
    expect(terminal.shown()).not.toContain('half a key')
  })
})
