import { execFileSync } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, type Scenario, scenario, until } from './scenario.ts'

const isWindows = process.platform === 'win32'

function twoImages(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'One' })
  for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName, size: 2000 })
  return world
}

/** Two pictures at home. */
async function atHome(): Promise<Scenario> {
  const scene = await scenario(twoImages())
  await expectAllHome(scene, await scene.download(), { new: 2 })
  return scene
}

/** A path below the scenario's folder. */
const at = ({ folder }: Scenario, path: string) => join(folder, path)

async function fifo(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  execFileSync('mkfifo', [path])
}

describe.skipIf(isWindows).concurrent(`a pipe${isWindows ? ' (skipped: Windows has none in folders)' : ''}`, () => {
  it('for the lock is named, and nobody waits for it', async () => {
    await using scene = await atHome()
    await fifo(at(scene, 'home/.smugdl/lock'))
    const { code, stderr } = await scene.download()
    expect([code, stderr]).toEqual([4, expect.stringContaining(at(scene, 'home/.smugdl/lock'))])
  })

  it('for the credentials is named, and nobody waits for it', async () => {
    await using scene = await scenario(twoImages())
    await fifo(at(scene, 'config/credentials.json'))
    const none = { SMUGDL_ACCESS_TOKEN: undefined, SMUGDL_ACCESS_TOKEN_SECRET: undefined }
    const { code, stderr } = await scene.smugdl(['-o', scene.output], none)
    expect([code, stderr]).toEqual([2, expect.stringContaining(at(scene, 'config/credentials.json'))])
  })

  it('for the CA file or the log is named, and nobody waits for it', async () => {
    await using scene = await scenario(twoImages())
    await fifo(at(scene, 'pipe'))
    for (const flag of ['--ca-file', '--log-file']) {
      const { code, stderr } = await scene.smugdl(['-o', scene.output, flag, 'pipe'])
      expect([flag, code, stderr]).toEqual([flag, 2, expect.stringContaining(at(scene, 'pipe'))])
    }
  })
})

describe.concurrent('staging', () => {
  it('is cleared of folders and dead links under the names of staged files', async () => {
    await using scene = await atHome()
    const staging = at(scene, 'home/.smugdl/staging')
    await mkdir(join(staging, 'x.part', 'y'), { recursive: true })
    await mkdir(join(staging, '1.tmp'))
    if (!isWindows) for (const name of ['z.part', '2.tmp']) await symlink('/nowhere/at/all', join(staging, name))
    scene.smugmug.world.addImage([...scene.smugmug.world.albums.values()][0] as never, { fileName: 'c.jpg' })
    await expectAllHome(scene, await scene.download(), { new: 1, unchanged: 2 })
    expect(await readdir(staging)).toEqual([])
  })
})

const spoiled: [string, string][] = [
  ['rows that are no JSON', "UPDATE delivery SET proof = '{'"],
  ['rows that hold something else', "UPDATE delivery SET proof = '5'"],
  ['rows without what they are for', "UPDATE delivery SET proof = '{}'"],
  ['sidecars that are none', "UPDATE delivery SET proof = json_set(proof, '$.beside', 5)"],
  ['sidecars without a path', `UPDATE delivery SET proof = json_set(proof, '$.beside', json('["../victim"]'))`],
  [
    'sidecars that lead out of the output',
    `UPDATE delivery SET proof = json_set(proof, '$.beside', json('[{"path": "../victim", "size": 4, "sha256": ""}]'))`,
  ],
  ['a table less', 'ALTER TABLE listing RENAME TO other'],
  ['a view for a table', 'ALTER TABLE listing RENAME TO other; CREATE VIEW listing AS SELECT * FROM other'],
  ['numbers that are none in JavaScript', 'UPDATE delivery SET size = 9007199254740993'],
  [
    'a path that leads out of the output',
    "UPDATE delivery SET path = '../victim', proof = json_set(proof, '$.path', '../victim')",
  ],
]

describe.concurrent('a catalog with', () => {
  it.each(spoiled)('%s is told of, and rebuilt by adopt without a download', async (_, change) => {
    await using scene = await atHome()
    await writeFile(at(scene, 'victim'), 'mine')
    const path = at(scene, 'home/.smugdl/catalog.sqlite')
    const db = new DatabaseSync(path)
    db.exec(change)
    db.close()
    for (const command of [['--full'], ['--mirror', '--full'], ['verify'], ['verify', '--repair']]) {
      const { code, stderr } = await scene.smugdl([...command, '-o', scene.output])
      expect([command, code, stderr]).toEqual([command, 4, expect.stringContaining('smugdl adopt')])
    }
    const adopted = await scene.smugdl(['adopt', scene.output, '-o', scene.output])
    expect([adopted.code, adopted.stderr]).toEqual([0, expect.any(String)])
    expect(adopted.stdout + adopted.stderr).toContain('The catalog is broken. It is set aside as')
    expect((await readdir(dirname(path))).filter((name) => name.startsWith('catalog'))).toHaveLength(2)
    const again = await scene.download('--full')
    await expectAllHome(scene, again, { unchanged: 2 })
    expect(again.requests.media).toBe(0)
    expect(await readFile(at(scene, 'victim'), 'utf8')).toBe('mine')
  })
})

it('a summary of a run that cannot be read is told of, and adopt sets the catalog aside', async () => {
  await using scene = await atHome()
  const db = new DatabaseSync(at(scene, 'home/.smugdl/catalog.sqlite'))
  db.exec("UPDATE run SET summary = '{'")
  db.close()
  for (const command of [['status'], ['runs'], ['download', '--full']]) {
    const { code, stderr } = await scene.smugdl([...command, '-o', scene.output])
    expect([command, code, stderr]).toEqual([command, 4, expect.stringContaining('smugdl adopt')])
  }
  expect(await scene.smugdl(['adopt', scene.output, '-o', scene.output])).toMatchObject({ code: 0 })
  await expectAllHome(scene, await scene.download('--full'), { unchanged: 2 })
})

describe.concurrent('what a user names to write to', () => {
  const writers: [string, string[]][] = [
    ['--certificate', ['check']],
    ['--report', ['doctor']],
  ]

  it.each(writers)('%s replaces a link, and does not write through it', async (flag, command) => {
    await using scene = await atHome()
    await writeFile(at(scene, 'victim'), 'mine')
    await symlink(at(scene, 'victim'), at(scene, 'page.html'))
    for (const name of ['page.html.partial', 'page.html.tmp']) await symlink(at(scene, 'victim'), at(scene, name))
    const { code, stderr } = await scene.smugdl([...command, '-o', scene.output, flag, at(scene, 'page.html')])
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('smugdl:')])
    expect(await readFile(at(scene, 'victim'), 'utf8')).toBe('mine')
    expect((await lstat(at(scene, 'page.html'))).isFile()).toBe(true)
  })

  it.each([
    ['--certificate', ['check'], 2],
    ['--report', ['doctor'], 1],
    ['--log-file', ['verify'], 2],
  ] as const)('%s is refused beside the catalog, however that is spelled', async (flag, command, exit) => {
    await using scene = await atHome()
    await symlink(at(scene, 'home/.smugdl'), at(scene, 'short'))
    const before = await readdir(at(scene, 'home/.smugdl'))
    for (const file of ['home/.smugdl/page.html', 'short/page.html', 'home/One/../.smugdl/page.html']) {
      const { code, stdout, stderr } = await scene.smugdl([
        ...command,
        '-o',
        scene.output,
        flag,
        `${scene.folder}/${file}`,
      ])
      const said = expect.stringContaining("The folder .smugdl is smugdl's own")
      expect([file, code, stdout + stderr]).toEqual([file, exit, said])
    }
    expect(await readdir(at(scene, 'home/.smugdl'))).toEqual(before)
  })

  it('the crontab line of the README finds its log beside the catalog', async () => {
    await using scene = await atHome()
    const log = at(scene, 'home/.smugdl/log')
    const { code, stdout, stderr } = await scene.smugdl(['-q', '--expect-home', '-o', scene.output, '--log-file', log])
    expect([code, stdout, stderr]).toEqual([0, '', ''])
    expect(await readFile(log, 'utf8')).toContain('2 unchanged')
  })
})

describe.skipIf(isWindows).concurrent(`the catalog${isWindows ? ' (skipped: Windows has no modes)' : ''}`, () => {
  it('and its log are for nobody else to read, during a run and after it', async () => {
    await using scene = await scenario(twoImages())
    const go = Promise.withResolvers<void>()
    scene.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'held', until: go.promise } })
    const running = scene.start()
    await until(() => scene.smugmug.counts.media > 0)
    const modes = async () => {
      const names = (await readdir(at(scene, 'home/.smugdl'))).filter((name) => name.startsWith('catalog.sqlite'))
      const modeOf = async (name: string) => [
        name,
        ((await lstat(at(scene, `home/.smugdl/${name}`))).mode & 0o777).toString(8),
      ]
      return Object.fromEntries(await Promise.all(names.map(modeOf)))
    }
    expect(await modes()).toEqual({ 'catalog.sqlite': '600', 'catalog.sqlite-wal': '600' })
    go.resolve()
    expect((await running.run).code).toBe(0)
    expect(await modes()).toEqual({ 'catalog.sqlite': '600' })
  })
})
