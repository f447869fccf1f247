import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from '../e2e/scenario.ts'
import { type Oddity, oddDisk, whyNoOddDisk } from './odd-disk.ts'

const reason = whyNoOddDisk()
if (reason !== undefined) console.log(`Odd disks are not tried: ${reason}`)

/** Two albums of three pictures, one of them taken before 1970. */
function account(): World {
  const world = new World()
  for (const name of ['One', 'Two']) {
    const album = world.addAlbum({ name })
    for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName, size: 3000 })
    world.addImage(album, { fileName: 'old.jpg', size: 2000, capturedAt: '1961-08-13T04:00:00' })
  }
  return world
}

/** Nothing is fetched again, and nothing is said to have changed. */
async function expectAtRest(scene: Scenario, ...args: string[]): Promise<void> {
  const run = await scene.download('--full', ...args)
  expect([run.code, run.requests.media, run.stderr]).toEqual([0, 0, expect.any(String)])
  const verified = await scene.smugdl(['verify', '-o', scene.output])
  expect([verified.code, verified.stdout + verified.stderr]).toEqual([0, expect.any(String)])
}

const notices = (run: { summary: { notices: string[] } | undefined }) => run.summary?.notices.join('\n') ?? ''

describe.skipIf(reason !== undefined)('a disk', () => {
  const quirks: [string, Oddity[], RegExp | undefined][] = [
    ['that is several disks in one folder', ['exdev'], undefined],
    ['without hard links', ['links'], undefined],
    ['of several disks without hard links', ['exdev', 'links'], undefined],
    ['on which times cannot be set', ['times'], /does not store (?:all )?file times/],
    ['that begins with 1980', ['early-times'], /does not store (?:all )?file times/],
    ['that refuses to make files durable', ['sync'], /refuses to make files durable/],
    ['that does not tell what is free', ['no-statfs'], undefined],
    ['that tells 0 of everything', ['zero-statfs'], undefined],
    ['without modes', ['modes'], undefined],
    ['of many oddities', ['exdev', 'links', 'times', 'sync', 'zero-statfs', 'modes', 'names'], /durable/],
  ]
  it.each(quirks)('%s has every picture at home, and fetches none again', async (_, oddities, told) => {
    const world = account()
    await using scene = await scenario(world)
    await using disk = await oddDisk(scene.output, ...oddities)
    const first = await scene.download()
    await expectAllHome(scene, first, { new: 6 })
    if (told) expect(notices(first)).toMatch(told)
    const [a, b] = world.images.values()
    const earlier = await readFile(join(scene.output, 'One/a.jpg'))
    if (a && b) {
      world.replaceImage(a)
      world.editImage(b, { fileName: 'renamed.jpg' })
    }
    const [one] = world.albums.values()
    if (one) world.rename(one, 'Uno')
    await expectAllHome(scene, await scene.download('--full'))
    await expectAtRest(scene)
    const trash = (await everything(join(scene.output, '.smugdl/trash'))).filter((path) => path.endsWith('.jpg'))
    expect(trash).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d\/One\/a\.jpg$/)])
    expect(await readFile(join(scene.output, '.smugdl/trash', trash[0] ?? ''))).toEqual(earlier)
    expect((await everything(disk.behind)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('of which another is a part, through a link, gets its album there', async () => {
    await using scene = await scenario(account())
    await using _ = await oddDisk(scene.output)
    const other = join(scene.folder, 'elsewhere')
    await mkdir(other)
    await symlink(other, join(scene.output, 'One'))
    expect((await scene.download()).code).toBe(0)
    expect((await readdir(other)).sort()).toEqual(['a.jpg', 'album.json', 'b.jpg', 'old.jpg', 'old.jpg.xmp'])
    await expectAtRest(scene)
  })

  it('keeps the time of a picture from before 1970', async () => {
    await using scene = await scenario(account())
    await using _ = await oddDisk(scene.output)
    await scene.download()
    expect((await stat(join(scene.output, 'One/old.jpg'))).mtime.getUTCFullYear()).toBe(1961)
  })

  it.each(['folder', 'zip', 'manifest'])(
    'that takes short names only gets shorter ones, the same ever after: %s',
    async (exporter) => {
      const world = new World()
      const folder = 'Alben der Familie '.repeat(9)
      const album = world.addAlbum({ name: folder })
      for (const letter of ['a', 'b', 'ü'])
        world.addImage(album, { fileName: `${'long '.repeat(35)}${letter}.jpg`, size: 1000 })
      await using scene = await scenario(world)
      await using _ = await oddDisk(scene.output, 'names')
      const args = ['-e', exporter]
      const first = await scene.download(...args)
      expect([first.code, first.summary?.failed]).toEqual([0, []])
      if (exporter !== 'manifest') expect(notices(first)).toMatch(/143/)
      const before = [...(await scene.home()).keys()]
      for (const path of before)
        for (const name of path.split('/')) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(143)
      await expectAtRest(scene, ...args)
      expect([...(await scene.home()).keys()]).toEqual(before)
    },
  )

  it('with one folder that may not be written to costs that album, which is named with its path', async () => {
    const world = account()
    world.addImage(world.addAlbum({ name: 'Locked' }), { fileName: 'c.jpg', size: 1000 })
    await using scene = await scenario(world)
    await using _ = await oddDisk(scene.output, 'locked')
    const run = await scene.download()
    expect([run.code, run.stderr]).toEqual([1, expect.any(String)])
    expect((await scene.difference()).missing).toEqual(['Locked/c.jpg'])
    expect(JSON.stringify(run.summary?.failed)).toContain(join(scene.output, 'Locked'))
    expect(JSON.stringify(run.summary?.failed)).toMatch(/may not|does not permit/)
  })

  it('with one name that is refused costs that picture, which is named with its path', async () => {
    const world = account()
    const [one] = world.albums.values()
    if (one) world.addImage(one, { fileName: 'locked.jpg', size: 1000 })
    await using scene = await scenario(world)
    await using _ = await oddDisk(scene.output, 'locked')
    const run = await scene.download()
    await expectHome(scene, run, { new: 6, failed: 1 })
    expect((await scene.difference()).missing).toEqual(['One/locked.jpg'])
    expect(JSON.stringify(run.summary?.failed)).toContain('One/locked.jpg')
    const again = await scene.download()
    expect([again.code, again.summary?.exporters.folder?.unchanged]).toEqual([1, 6])
  })

  it('of settings, where everybody may read everything, takes no login, and doctor says so', async () => {
    await using scene = await scenario(account())
    await using _ = await oddDisk(join(scene.folder, 'config'), 'modes')
    const env = { SMUGDL_ACCESS_TOKEN: undefined, SMUGDL_ACCESS_TOKEN_SECRET: undefined }
    const login = await scene.smugdl(['login', '--no-browser'], env)
    expect([login.code, login.stderr]).toEqual([2, expect.stringContaining('SMUGDL_CONFIG_DIR')])
    expect(login.stderr).toContain('SMUGDL_ACCESS_TOKEN')
    expect(await readdir(join(scene.folder, 'config'))).toEqual([])
  })

  it.each<[Oddity, RegExp]>([
    ['exdev', /folders/],
    ['links', /hard links/],
    ['times', /times/],
    ['sync', /durable/],
    ['names', /143/],
    ['no-statfs', /free/],
    ['zero-statfs', /free/],
  ])('of which %s is odd is described by doctor, which leaves nothing behind', async (oddity, told) => {
    await using scene = await scenario(account())
    await using disk = await oddDisk(scene.output, oddity)
    const { stdout, code } = await scene.smugdl(['doctor', '-o', scene.output])
    const warned = stdout.split('\n').filter((line) => line.startsWith('warn'))
    expect([code, warned.join('\n')]).toEqual([expect.any(Number), expect.stringMatching(told)])
    expect(await everything(disk.behind)).toEqual([])
  })
})

async function everything(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true })
}
