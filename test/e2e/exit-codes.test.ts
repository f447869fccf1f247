import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import type { Ended } from './program.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

function small(nickName = 'janedoe'): World {
  const world = new World({ nickName })
  world.addImage(world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Trips' }) }), { fileName: 'a.jpg' })
  world.addImage(world.addAlbum({ name: 'Garden' }), { fileName: 'b.jpg' })
  return world
}

/** No two accounts of SmugMug's have a top folder of one NodeID, as two worlds do. */
function withOtherRoot(world: World): World {
  world.nodes.delete(world.root.id)
  world.root.id = 'Other'
  world.nodes.set(world.root.id, world.root)
  return world
}

/** The last line of `--json`, when something ended the run. */
function errorIn({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

describe.concurrent('exit code 2', () => {
  const lines: [string, string[], string][] = [
    ['an unknown command', ['dowload'], 'download'],
    ['an unknown flag', ['--albun', 'x'], '--album'],
    ['a value that is none', ['--concurrency', 'many'], 'many'],
    ['an unknown exporter', ['-e', 'floder'], 'folder'],
    ['an unknown option', ['--set', 'folder.mtme=none'], 'mtime'],
    ['an album that nobody has', ['--album', 'Trips/Rom'], 'Trips/Rome'],
  ]
  for (const [name, args, hint] of lines) {
    it(`for ${name}, with the right one named`, async ({ expect }) => {
      await using scene = await scenario(small())
      const { code, stderr } = await scene.smugdl([...args, ...(args[0]?.startsWith('-') ? ['-o', scene.output] : [])])
      expect([code, stderr]).toEqual([2, expect.stringContaining(hint)])
      expect(scene.smugmug.counts.media).toBe(0)
    })
  }

  it('for an origin to which credentials must not go', async ({ expect }) => {
    await using scene = await scenario(small())
    const ended = await scene.smugdl(['-o', scene.output], { SMUGDL_API_ORIGIN: 'http://smugmug.example' })
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('SMUGDL_API_ORIGIN')])
  })
})

describe.concurrent('exit code 3', () => {
  const wrong: [string, Record<string, string | undefined>][] = [
    ['a wrong API key', { SMUGDL_API_KEY: 'x'.repeat(32) }],
    ['a wrong API secret', { SMUGDL_API_SECRET: 'x'.repeat(32) }],
    ['a wrong token', { SMUGDL_ACCESS_TOKEN: 'x'.repeat(32) }],
    ['a wrong token secret', { SMUGDL_ACCESS_TOKEN_SECRET: 'x'.repeat(32) }],
    [
      'no login at all',
      {
        SMUGDL_API_KEY: undefined,
        SMUGDL_API_SECRET: undefined,
        SMUGDL_ACCESS_TOKEN: undefined,
        SMUGDL_ACCESS_TOKEN_SECRET: undefined,
      },
    ],
  ]
  for (const [name, env] of wrong) {
    it(`for ${name}, and what to mend`, async ({ expect }) => {
      await using scene = await scenario(small())
      const { code, stderr } = await scene.smugdl(['-o', scene.output], env)
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining(Object.values(env)[0] === undefined ? 'smugdl login' : (Object.keys(env)[0] ?? '')),
      ])
      for (const secret of Object.values(scene.smugmug.credentials)) expect(stderr).not.toContain(secret)
    })
  }

  it('for a token that was withdrawn', async ({ expect }) => {
    await using scene = await scenario(small())
    scene.smugmug.revoke()
    const ended = await scene.download()
    expect([ended.code, errorIn(ended)]).toMatchObject([3, { type: 'error', kind: 'auth', code: 3 }])
  })
})

/** A file system of a size of its own, where that may be had. */
async function mounted(context: TestContext, scene: Scenario, options: string): Promise<AsyncDisposable | undefined> {
  const folder = scene.output
  await mkdir(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    context.skip('needs root, and mount(8): nothing else fills up or is read-only for root')
  }
  return { [Symbol.asyncDispose]: async () => void execFileSync('umount', [folder]) }
}

describe.concurrent('exit code 4', () => {
  it('for an output that is no folder', async ({ expect }) => {
    await using scene = await scenario(small())
    await writeFile(join(scene.folder, 'file'), 'mine')
    for (const output of ['file', 'file/below']) {
      const { code, stderr } = await scene.smugdl(['-o', join(scene.folder, output)])
      expect([code, stderr]).toEqual([
        4,
        expect.stringMatching(/^smugdl: A file stands where a folder is needed: .*file/),
      ])
    }
  })

  it('for a destination that cannot be written to', async (context) => {
    const { expect } = context
    await using scene = await scenario(small())
    await using _ = await mounted(context, scene, 'ro')
    const { code, stderr } = await scene.smugdl(['-o', scene.output])
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/^smugdl: The disk can only be read: .*\n {2}Make it writable/),
    ])
  })

  it('not for a home that is write-protected, where it is only read: verify and find', async (context) => {
    const { expect } = context
    await using scene = await scenario(small())
    await using _ = await mounted(context, scene, 'size=20m')
    expect((await scene.download()).code).toBe(0)
    execFileSync('mount', ['-o', 'remount,ro', scene.output])
    const { code, stdout, stderr } = await scene.smugdl(['verify', '-o', scene.output])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^verified: (\d+) items = \1 ok/m)])
    expect(stderr).toContain('The disk can only be read: that it was verified is not remembered.')
    expect((await scene.smugdl(['find', 'a', '-o', scene.output])).code).not.toBe(4)
    expect((await scene.smugdl(['verify', '--repair', '-o', scene.output])).code).toBe(4)
  })

  it('for a disk that is too small, before the first byte and with both numbers', async (context) => {
    const { expect } = context
    const world = small()
    const large = world.addImage(world.addAlbum({ name: 'Large' }), { size: 30_000_000 })
    await using scene = await scenario(world)
    await using _ = await mounted(context, scene, 'size=20m')
    const { code, stderr } = await scene.smugdl(['-o', scene.output])
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/3\d\.\d MB needed, [\d.]+ [kM]?B free: [\d.]+ [kM]?B short/),
    ])
    expect(scene.smugmug.requests.filter(({ path }) => path.includes(large.key))).toEqual([])
  })

  it('for a disk that fills up, with nothing half under a name, and the next run goes on', async (context) => {
    const { expect } = context
    const world = small()
    const album = world.addAlbum({ name: 'Large' })
    for (let i = 0; i < 10; i++) world.addImage(album, { size: 3_000_000 })
    await using scene = await scenario(world)
    await using _ = await mounted(context, scene, 'size=20m')
    const { code, stderr } = await scene.smugdl(['-o', scene.output, '--no-space-check'])
    expect([code, stderr]).toEqual([4, expect.stringContaining('full')])
    expect((await scene.difference()).unexpected).toEqual([])
    execFileSync('mount', ['-o', 'remount,size=60m', scene.output])
    await expectAllHome(scene, await scene.download())
  })

  it('for a folder that holds another account', async ({ expect }) => {
    await using jane = await scenario(small('jane'))
    await expectAllHome(jane, await jane.download(), { new: 2 })
    await using marisol = await scenario(withOtherRoot(small('marisol')))
    const before = await jane.home()
    const { code, stderr } = await marisol.smugdl(['-o', jane.output])
    expect(code).toBe(4)
    expect(stderr).toContain('jane')
    expect(stderr).toContain('marisol')
    expect(await jane.home()).toEqual(before)
    expect(marisol.smugmug.counts.media).toBe(0)
    await expectAllHome(jane, await jane.download(), { unchanged: 2 })
  })

  it('but not for an account that only changed its nickname', async () => {
    await using scene = await scenario(small('jane'))
    await expectAllHome(scene, await scene.download(), { new: 2 })
    scene.smugmug.world.user.nickName = 'jane-photos'
    await expectAllHome(scene, await scene.download(), { unchanged: 2 })
  })
})

describe.concurrent('exit code 5', () => {
  it('for a service that is down and says so for longer than a run waits', async ({ expect }) => {
    await using scene = await scenario(small())
    const headers = { 'Retry-After': '3600' }
    scene.smugmug.faults.add({ path: '/api/', do: { kind: 'status', status: 503, headers } })
    const ended = await scene.download()
    expect([ended.code, errorIn(ended)]).toMatchObject([5, { type: 'error', kind: 'unreachable' }])
  })

  it('for a service that goes down in the middle; what came is safe, and the next run goes on', async ({ expect }) => {
    const world = small()
    for (let i = 0; i < 8; i++) world.addImage(world.addAlbum({ name: `More ${i}` }))
    await using scene = await scenario(world)
    const headers = { 'Retry-After': '3600' }
    const heal = scene.smugmug.faults.add({ path: '/api/', after: 9, do: { kind: 'status', status: 503, headers } })
    expect((await scene.download()).code).toBe(5)
    expect((await scene.difference()).unexpected).toEqual([])
    heal()
    await expectAllHome(scene, await scene.download())
  })
})

describe.concurrent('a run of some albums', () => {
  it('brings home what --album names and --exclude does not, in any case of letters', async ({ expect }) => {
    await using scene = await scenario(small())
    const world = scene.smugmug.world
    world.addImage(world.addAlbum({ name: 'Drafts', in: world.addFolder({ name: 'Trips 2' }) }), { fileName: 'c.jpg' })
    const { albums } = await expectHome(scene, await scene.download('--album', 'TRIPS*/**', '--exclude', '**/drafts'), {
      new: 1,
      skipped: 2,
    })
    expect(albums).toMatchObject({ excluded: 2 })
    expect([...(await scene.home()).keys()]).toEqual(['Trips/Rome/a.jpg'])
    await expectAllHome(scene, await scene.download(), { new: 2, unchanged: 1 })
  })
})

describe.concurrent('a dry run', () => {
  it('says what a run would do, and writes nothing at all', async ({ expect }) => {
    await using scene = await scenario(small())
    const run = await scene.download('--dry-run')
    expect(run.code).toBe(0)
    expect(run.summary?.exporters.folder).toMatchObject({ listed: 2, new: 2 })
    expect(run.requests.media).toBe(0)
    expect(await readdir(scene.folder)).toEqual([])
  })

  it('over an earlier home likewise', async ({ expect }) => {
    await using scene = await scenario(small())
    await expectAllHome(scene, await scene.download(), { new: 2 })
    const everything = async () => (await readdir(scene.folder, { recursive: true })).sort()
    scene.smugmug.world.addImage(scene.smugmug.world.addAlbum({ name: 'New' }))
    for (const album of scene.smugmug.world.albums.values()) scene.smugmug.world.rename(album, `${album.name} 2`)
    await rm(join(scene.output, 'Garden/b.jpg'))
    const before = [await everything(), await scene.home()]
    const run = await scene.download('--dry-run')
    expect(run.summary?.exporters.folder).toMatchObject({ listed: 3, new: 1, failed: 0 })
    expect([await everything(), await scene.home()]).toEqual(before)
    await expectAllHome(scene, await scene.download())
  })
})
