import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { type Scenario, scenario, until } from '../../e2e/scenario.ts'
import { inTerminal, noTerminal } from '../terminal.ts'

/** Three albums with two pictures each: `Travel/Rome`, `Travel/Oslo [2024]` and `Zoo`. */
function smallWorld(): World {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const albums = [
    world.addAlbum({ name: 'Rome', in: travel }),
    world.addAlbum({ name: 'Oslo [2024]', in: travel }),
    world.addAlbum({ name: 'Zoo' }),
  ]
  for (const album of albums) for (const name of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName: name })
  return world
}

async function filesOf(scene: Scenario): Promise<string[]> {
  return [...(await scene.home())].filter(([, file]) => file !== 'empty folder').map(([path]) => path)
}

const everything = [
  'Travel/Oslo [2024]/a.jpg',
  'Travel/Oslo [2024]/b.jpg',
  'Travel/Rome/a.jpg',
  'Travel/Rome/b.jpg',
  'Zoo/a.jpg',
  'Zoo/b.jpg',
]

describe.concurrent('smugdl download', () => {
  it('is what smugdl alone does, into smugmug_photos here', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const { code, stdout } = await scene.smugdl([])
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^folder: 6 listed = 6 new \+ 0 updated \+ 0 unchanged \+ 0 skipped \+ 0 failed \(/,
    )
    expect((await readdir(join(scene.folder, 'smugmug_photos'))).sort()).toEqual(['.smugdl', 'Travel', 'Zoo'])
  })

  it('brings home what --album and --exclude choose, by flag or by a variable with a value a line', async ({
    expect,
  }) => {
    for (const [args, env] of [
      [['--album', 'travel/*', '--album', 'zoo', '--exclude', '**/ROME'], {}],
      [[], { SMUGDL_ALBUM: 'travel/*\nzoo', SMUGDL_EXCLUDE: '**/rome' }],
    ] as const) {
      await using scene = await scenario(smallWorld())
      const { code } = await scene.smugdl(['-o', 'home', ...args], env)
      expect([code, await filesOf(scene)]).toEqual([0, everything.filter((path) => !path.includes('Rome'))])
    }
  })

  it('refuses an --album that matches nothing, with the nearest, and leaves no home of it', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const { code, stderr } = await scene.smugdl(['-o', 'home', '--album', 'Travel/Rmoe'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean Travel/Rome?')])
    expect(stderr).not.toContain('Go on with')
    expect(existsSync(join(scene.folder, 'home'))).toBe(false)
    expect((await scene.smugdl(['status'])).stdout).toContain(
      `No run has been made in ${join(scene.folder, 'smugmug_photos')}`,
    )
    // So does a folder that was there before.
    await mkdir(join(scene.folder, 'made'))
    expect((await scene.smugdl(['-o', 'made', '--album', 'Travel/Rmoe'])).code).toBe(2)
    expect(await readdir(join(scene.folder, 'made'))).toEqual([])
    // A home that is there stays as it is.
    expect((await scene.smugdl(['-o', 'home'])).code).toBe(0)
    expect((await scene.smugdl(['-o', 'home', '--album', 'Travel/Rmoe'])).code).toBe(2)
    expect((await scene.smugdl(['verify', '-o', 'home'])).code).toBe(0)
  })

  it('says nothing with -q when all is safe', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    expect(await scene.smugdl(['-o', 'home', '-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('writes nothing with --dry-run, not even the folder', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const { code, stdout } = await scene.smugdl(['-o', 'home', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('6 listed = 6 new')
    expect(existsSync(scene.output)).toBe(false)
    expect(scene.smugmug.counts.media).toBe(0)
  })

  it("passes an exporter's options on", async ({ expect }) => {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'A' }), { fileName: 'a.jpg', uploadedAt: Date.UTC(2020, 1, 2, 3, 4, 5) })
    await using scene = await scenario(world)
    expect((await scene.smugdl(['-o', 'home', '--set', 'folder.mtime=uploaded'])).code).toBe(0)
    expect((await scene.home()).get('A/a.jpg')).toMatchObject({ mtimeMs: Date.UTC(2020, 1, 2, 3, 4, 5) })
  })

  it('logs everything with its time, and no secret comes into log, output or catalog', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const { code, stdout, stderr } = await scene.smugdl(['-o', 'home', '-v', '--log-file', 'run.log'])
    const log = await readFile(join(scene.folder, 'run.log'), 'utf8')
    expect(code).toBe(0)
    for (const line of log.trimEnd().split('\n'))
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 \S/)
    expect(log).toContain('6 listed = 6 new')
    const catalog = await readFile(join(scene.output, '.smugdl', 'catalog.sqlite'), 'latin1')
    for (const secret of Object.values(scene.smugmug.credentials))
      for (const text of [log, stdout, stderr, catalog]) expect(text).not.toContain(secret)
  })

  it('ends with 3 when nobody is logged in, and when the token is withdrawn', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const nobody = Object.fromEntries(Object.keys(scene.smugmug.environment).map((name) => [name, undefined]))
    const without = await scene.smugdl(['-o', 'home'], nobody)
    expect([without.code, without.stderr]).toEqual([3, expect.stringContaining('smugdl login')])
    scene.smugmug.revoke()
    const run = await scene.download()
    expect(run.code).toBe(3)
    expect(run.events.at(-1)).toMatchObject({ type: 'error', kind: 'auth', code: 3, next: expect.any(String) })
  })

  it('ends with 4 when the destination is a file', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    await writeFile(scene.output, 'mine')
    const { code, stderr } = await scene.smugdl(['-o', 'home'])
    expect([code, stderr]).toEqual([4, expect.stringContaining(scene.output)])
    expect(await readFile(scene.output, 'utf8')).toBe('mine')
  })

  it('ends with 2 when the CA file cannot be read, or holds none', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    await mkdir(join(scene.folder, 'folder'))
    await writeFile(join(scene.folder, 'empty.pem'), '')
    for (const file of ['missing.pem', 'folder', 'empty.pem']) {
      const { code, stderr } = await scene.smugdl(['-o', 'home', '--ca-file', file])
      expect([code, stderr]).toEqual([2, expect.stringContaining(join(scene.folder, file))])
    }
  })

  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'finishes what is under way after one %s, starts nothing new, and ends with 130',
    async (signal, { expect }) => {
      await using scene = await scenario(smallWorld())
      scene.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'delay', ms: 500 } })
      const running = scene.start('--concurrency', '2')
      await until(() => scene.smugmug.counts.media === 2)
      running.kill(signal)
      const { code, stderr, events } = await running.run
      expect([code, scene.smugmug.counts.media]).toEqual([130, 2])
      expect(stderr).toContain('Interrupted')
      expect(events.at(-1)).toMatchObject({ type: 'error', kind: 'cancelled', code: 130 })
      expect(await filesOf(scene)).toHaveLength(2)
      scene.smugmug.faults.clear()
      expect((await scene.download()).code).toBe(0)
      expect([await filesOf(scene), scene.smugmug.counts.media]).toEqual([everything, 6])
    },
  )

  it('stops at once at the second signal, and leaves no file that is wrong', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    scene.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'stalled' } })
    const running = scene.start()
    await until(() => scene.smugmug.counts.media > 0)
    running.kill('SIGINT')
    await until(() => running.said.includes('Stopping'))
    running.kill('SIGINT')
    expect((await running.run).code).toBe(130)
    expect(await filesOf(scene)).toEqual([])
  })

  it('ends quietly when nobody reads its output any more', async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const program = process.env.SMUGDL_TEST_PROGRAM ?? join(import.meta.dirname, '../../../dist/smugdl.mjs')
    const script = `"$@" albums --json | true; echo "\${PIPESTATUS[0]}"`
    const words = /\.[cm]js$/.test(program) ? [process.execPath, program] : [program]
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words], {
      env: { PATH: process.env.PATH, HOME: scene.folder, ...scene.smugmug.environment },
    })
    expect([stdout, stderr]).toEqual(['130\n', ''])
  })

  it('lets a user choose from a numbered list', { skip: noTerminal !== undefined }, async ({ expect }) => {
    await using scene = await scenario(smallWorld())
    const terminal = await inTerminal(['-o', scene.output, '--choose'], scene.smugmug.environment)
    await terminal.saw(/1 {2}Travel\/Oslo \[2024\]\s+2 {2}Travel\/Rome\s+3 {2}Zoo\s+Which ones\?/)
    terminal.type('9\n')
    await terminal.saw(/Please choose from 1 to 3/)
    terminal.type('1,3\n')
    expect((await terminal.ended).code).toBe(0)
    expect(await filesOf(scene)).toEqual(everything.filter((path) => !path.includes('Rome')))
  })
})
