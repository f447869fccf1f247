import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { screenOf } from '../cli/render/screen.ts'
import { inTerminal, noTerminal } from '../cli/terminal.ts'
import { testCertificate } from '../smugmug/certificate.ts'
import { command, isScript, start } from './program.ts'
import { expectAllHome, type Scenario, scenario, until } from './scenario.ts'

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

const hasStrace = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0

/** Why nothing can be taken from the program here; undefined if something can. */
const cannotTake =
  process.platform !== 'linux'
    ? 'only Linux has namespaces'
    : spawnSync('unshare', ['--mount', 'setpriv', '--reuid', '54321', '--clear-groups', 'true']).status === 0
      ? undefined
      : 'it takes the right to unshare(1) and setpriv(1)'

describe
  .skipIf(cannotTake !== undefined)
  .concurrent(`what the program does without${cannotTake ? ` (skipped: ${cannotTake})` : ''}`, () => {
    /** In what `setup`, a line of shell, leaves of the surroundings. */
    const within = (scene: Scenario, setup: string, args: readonly string[], env: Record<string, string> = {}) => {
      const all = { SMUGDL_CONFIG_DIR: join(scene.folder, 'config'), ...scene.smugmug.environment, ...env }
      return start(args, all, scene.folder, ['unshare', '--mount', 'sh', '-c', `${setup}; exec "$@"`, 'sh']).ended
    }

    it.each([
      ['/proc', 'mount -t tmpfs none /proc'],
      ['what a service with ProcSubset=pid sees of it', 'mount -t tmpfs none /proc/sys'],
      ['a current folder', 'mkdir gone && cd gone && rmdir ../gone'],
    ])('%s', async (_, setup) => {
      await using scene = await scenario(twoImages())
      for (const sums of ['2 new + 0 updated + 0 unchanged', '0 new + 0 updated + 2 unchanged']) {
        const { code, stdout, stderr } = await within(scene, setup, ['-o', scene.output])
        expect([code, stdout], stderr).toEqual([0, expect.stringContaining(sums)])
      }
      expect((await within(scene, setup, ['verify', '-o', scene.output])).code).toBe(0)
      expect((await within(scene, setup, ['doctor', '-o', scene.output])).code).toBe(0)
    })

    it('a current folder, in sentences where one is needed', async () => {
      await using scene = await scenario(twoImages())
      const setup = 'mkdir gone && cd gone && rmdir ../gone'
      for (const args of [[], ['verify'], ['demo'], ['-o', scene.output, '--log-file', 'log']])
        expect(await within(scene, setup, args)).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('The current folder is no longer there'),
        })
      expect((await within(scene, setup, ['--version'])).code).toBe(0)
    })

    it('a home folder and a name for its user', async () => {
      await using scene = await scenario(twoImages())
      await chmod(scene.folder, 0o777)
      const nobody = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups']
      const ran = (args: readonly string[], env: Record<string, string> = {}) =>
        start(args, env, scene.folder, nobody).ended
      const run = await ran(['-o', scene.output], scene.smugmug.environment)
      expect([run.code, run.stdout], run.stderr).toEqual([0, expect.stringContaining('2 new')])
      expect((await ran(['doctor', '-o', scene.output], scene.smugmug.environment)).stdout).toMatch(
        /^warn {2}config .*no home folder.*SMUGDL_CONFIG_DIR/m,
      )
      for (const args of [['whoami'], ['logout'], ['login']])
        expect(await ran(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('SMUGDL_CONFIG_DIR') })
    })

    it('a temporary folder, which only an output that cannot be written to takes', async () => {
      await using scene = await scenario(twoImages())
      await within(scene, 'true', ['-o', scene.output])
      const dryRun = ['--dry-run', '-o', scene.output]
      const env = { TMPDIR: '/nowhere/at/all' }
      expect(await within(scene, 'true', dryRun, env)).toMatchObject({ code: 0 })
      const readOnly = 'mount --bind home home && mount -o remount,ro,bind home'
      expect(await within(scene, readOnly, dryRun, env)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('TMPDIR'),
      })
    })
  })

describe
  .skipIf(!hasStrace)
  .concurrent(`where the system refuses${hasStrace ? '' : ' (skipped: it takes strace)'}`, () => {
    it('to listen, login shows a PIN', async () => {
      await using scene = await scenario(twoImages())
      const { SMUGDL_API_KEY = '', SMUGDL_API_SECRET = '', SMUGDL_API_ORIGIN = '' } = scene.smugmug.environment
      const env = { SMUGDL_CONFIG_DIR: scene.folder, SMUGDL_API_KEY, SMUGDL_API_SECRET, SMUGDL_API_ORIGIN }
      const refused = ['strace', '-f', '-o', '/dev/null', '-e', 'trace=listen', '-e', 'inject=listen:error=EACCES']
      const { code, stderr } = await start(['login', '--no-browser'], env, scene.folder, refused).ended
      // Nobody is there to type it.
      expect([code, stderr]).toEqual([3, expect.stringContaining('so SmugMug shows a PIN')])
    })
  })

describe.concurrent('a variable as a file of variables gives it', () => {
  it('loses its quotation marks, and blanks that nobody sees', async () => {
    await using scene = await scenario(twoImages())
    const quoted = Object.entries(scene.smugmug.environment).map(([name, value]) => [name, `"${value}"`])
    const { code, stderr } = await scene.smugdl([], {
      ...Object.fromEntries(quoted),
      SMUGDL_ACCESS_TOKEN: `\u00a0${scene.smugmug.credentials.accessToken}\u200b`,
      SMUGDL_OUTPUT: `'${scene.output}'`,
      SMUGDL_CONCURRENCY: '"2"',
      SMUGDL_VERBOSE: "'yes'",
    })
    expect(code, stderr).toBe(0)
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })

  it.each([
    ['SMUGDL_OUTPUT', '~/photos', '/photos'],
    ['SMUGDL_OUTPUT', '"~/photos"', '/photos'],
    ['SMUGDL_CONFIG_DIR', '~/config', '/config'],
    ['SMUGDL_LOG_FILE', '~/log', '/log'],
    ['SSL_CERT_FILE', '~/ca.pem', '/ca.pem'],
  ])('%s=%s is refused: no shell has expanded it', async (name, value, end) => {
    await using scene = await scenario(twoImages())
    const { code, stderr } = await scene.smugdl([], { SMUGDL_OUTPUT: scene.output, [name]: value })
    expect([code, stderr]).toEqual([2, expect.stringContaining(`such as ${scene.folder}${end}`)])
    expect([...(await readdir(scene.folder))]).toEqual([])
  })

  it('names the key that has half of its quotation marks, and does not show it', async () => {
    await using scene = await scenario(twoImages())
    const { apiSecret } = scene.smugmug.credentials
    const { code, stderr } = await scene.smugdl(['whoami'], { SMUGDL_API_SECRET: `"${apiSecret}` })
    expect([code, stderr]).toEqual([2, expect.stringContaining('SMUGDL_API_SECRET has a quotation mark')])
    expect(stderr).not.toContain(apiSecret)
  })
})

describe.concurrent('certificates', () => {
  it('are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says, and doctor says that', async () => {
    await using scene = await scenario(twoImages(), { tls: testCertificate })
    const off = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    const { code, stderr } = await scene.smugdl(['-o', scene.output], off)
    expect([code, stderr]).toEqual([5, expect.stringContaining('is not trusted')])
    expect(stderr).not.toContain('Warning')
    expect((await scene.smugdl(['doctor'], off)).stdout).toMatch(/^warn {2}trust .*NODE_TLS_REJECT_UNAUTHORIZED=0/m)
    expect(scene.smugmug.counts.api).toBe(0)
  })
})

describe.skipIf(process.platform === 'win32').concurrent('SIGHUP', () => {
  it('does not end what nohup started', async () => {
    await using scene = await scenario(twoImages())
    const go = Promise.withResolvers<void>()
    scene.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'held', until: go.promise } })
    const env = { SMUGDL_CONFIG_DIR: join(scene.folder, 'config'), ...scene.smugmug.environment }
    // The shell that names what it starts, as those of people do.
    const running = start(['-o', scene.output], env, scene.folder, ['bash', '-c', 'nohup "$@"', 'bash'])
    await until(() => scene.smugmug.counts.media > 0)
    running.hangUp()
    go.resolve()
    const { code, stderr } = await running.ended
    expect(code, stderr).toBe(0)
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })
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
