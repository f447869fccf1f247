import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import zip from '../../plugins/zip/index.ts'
import { World } from '../../src/simulator/world.ts'
import { Backup } from '../engine/adopt/backup.ts'
import { type AtHome, accountAtHome } from './account-at-home.ts'
import { archiveContents } from './archive-contents.ts'

/** Files at home, by path. */
async function files({ output }: AtHome): Promise<string[]> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(output.length + 1))
    .filter((path) => !path.startsWith('.smugdl/'))
    .sort()
}

/** Two albums: one of photos with what templates use of them, one with an undated scan and a video. */
function account(): World {
  const world = new World({ startsAt: Date.UTC(2026, 0, 2, 8) })
  const tokyo = world.addAlbum({ name: 'Tokyo', urlName: 'Tokyo-Trip', in: world.addFolder({ name: 'Travel' }) })
  world.addImage(tokyo, { fileName: 'IMG_1.JPG', capturedAt: '2025-12-31T23:30:05', title: '5/6 Lions' })
  world.addImage(tokyo, { fileName: 'IMG_2.JPG', capturedAt: '2026-01-01T00:10:00' })
  world.addImage(world.addAlbum({ name: 'Scans' }), { fileName: 'Scan 7.JPG', capturedAt: undefined })
  return world
}

async function brought(home: AtHome, template: string, how: object = {}) {
  const set = [`folder.path=${template}`, 'folder.sidecar=none', 'folder.albumFile=none']
  const { summary, downloads } = await home.run([folder], { set, ...how })
  return { files: await files(home), downloads, failed: summary?.failed, counts: summary?.exporters.folder }
}

const byNames = ['Scans/Scan 7.JPG', 'Travel/Tokyo/IMG_1.JPG', 'Travel/Tokyo/IMG_2.JPG']

test.each([
  ['{album.path}/{name}', byNames],
  ['{album.url}/{name}', ['Scans/Scan 7.JPG', 'Travel/Tokyo-Trip/IMG_1.JPG', 'Travel/Tokyo-Trip/IMG_2.JPG']],
  ['{album.path: - }/{name}', ['Scans/Scan 7.JPG', 'Travel - Tokyo/IMG_1.JPG', 'Travel - Tokyo/IMG_2.JPG']],
  ['{captured:%Y/%Y-%m-%d}/{name}', ['2025/2025-12-31/IMG_1.JPG', '2026/2026-01-01/IMG_2.JPG', 'Scan 7.JPG']],
  ['{captured|uploaded:%Y/%m/%d}/{name}', ['2025/12/31/IMG_1.JPG', '2026/01/01/IMG_2.JPG', '2026/01/02/Scan 7.JPG']],
  [
    '{album.path}/{position:%04d }{name}',
    ['Scans/0001 Scan 7.JPG', 'Travel/Tokyo/0001 IMG_1.JPG', 'Travel/Tokyo/0002 IMG_2.JPG'],
  ],
  [
    '{album.path}/{captured:%Y%m%d_%H%M%S }{title|stem}{ext}',
    ['Scans/Scan 7.JPG', 'Travel/Tokyo/20251231_233005 5-6 Lions.JPG', 'Travel/Tokyo/20260101_001000 IMG_2.JPG'],
  ],
  ['{kind}/{captured:%Y|"undated"}/{key}{ext}', undefined],
])('a whole home moves from the usual paths to %s and back, without a download', async (template, expected) => {
  const world = account()
  await using home = await accountAtHome(world)
  expect(await brought(home, '{album.path}/{name}')).toMatchObject({ files: byNames, downloads: 3, failed: [] })
  const keys = [...world.albums.values()].flatMap(({ images }) => images.map(({ key }) => key))
  const there = expected ?? [`photo/2025/${keys[0]}.JPG`, `photo/2026/${keys[1]}.JPG`, `photo/undated/${keys[2]}.JPG`]
  expect(await brought(home, template)).toMatchObject({ files: there, downloads: 0, failed: [] })
  expect(await brought(home, template)).toMatchObject({ files: there, downloads: 0, counts: { unchanged: 3 } })
  expect(await brought(home, '{album.path}/{name}')).toMatchObject({ files: byNames, downloads: 0, failed: [] })
  expect(await readdir(home.output)).toEqual(['.smugdl', 'Scans', 'Travel'])
})

test('an album in another order, and a title that is typed later, move files and nothing else', async () => {
  const world = account()
  await using home = await accountAtHome(world)
  const template = '{album}/{position:%02d }{title|stem}{ext}'
  expect(await brought(home, template)).toMatchObject({
    files: ['Scans/01 Scan 7.JPG', 'Tokyo/01 5-6 Lions.JPG', 'Tokyo/02 IMG_2.JPG'],
  })
  const tokyo = [...world.albums.values()].find(({ name }) => name === 'Tokyo')
  const [first, second] = tokyo?.images ?? []
  if (tokyo === undefined || first === undefined || second === undefined) throw new Error('the album has two pictures')
  world.rearrange(tokyo, [second, first])
  expect(await brought(home, template)).toMatchObject({
    files: ['Scans/01 Scan 7.JPG', 'Tokyo/01 IMG_2.JPG', 'Tokyo/02 5-6 Lions.JPG'],
    downloads: 0,
  })
  world.editImage(second, { title: 'New Year' })
  expect(await brought(home, template, { full: true })).toMatchObject({
    files: ['Scans/01 Scan 7.JPG', 'Tokyo/01 New Year.JPG', 'Tokyo/02 5-6 Lions.JPG'],
    downloads: 0,
  })
})

test('pictures of one album that a template calls alike all get their keys, and those of other albums find the path taken', async () => {
  const world = new World()
  const [one, other] = [world.addAlbum({ name: 'One' }), world.addAlbum({ name: 'Other' })]
  const [a, b] = ['a.jpg', 'b.jpg'].map((fileName) => world.addImage(one, { fileName, title: 'Alike' }))
  const c = world.addImage(other, { fileName: 'c.jpg', title: 'Single' })
  const d = world.addImage(world.addAlbum({ name: 'Third' }), { fileName: 'd.jpg', title: 'single' })
  await using home = await accountAtHome(world)
  const all = await brought(home, '{title}')
  const [first, second] = [`Single.jpg`, `single.jpg`]
  expect(all.failed).toEqual([])
  expect(all.files).toHaveLength(4)
  expect(all.files).toContain(`Alike [${a?.key}].jpg`)
  expect(all.files).toContain(`Alike [${b?.key}].jpg`)
  expect(all.files.filter((path) => path === first || path === `Single [${c.key}].jpg`)).toHaveLength(1)
  expect(all.files.filter((path) => path === second || path === `single [${d.key}].jpg`)).toHaveLength(1)
  expect(await brought(home, '{title}', { full: true })).toMatchObject({ files: all.files, downloads: 0 })
})

test('a picture in two albums whose paths are equal is one file, which goes with the last of its places', async () => {
  const world = new World()
  const [one, other] = [world.addAlbum({ name: 'One' }), world.addAlbum({ name: 'Other' })]
  const image = world.addImage(one, { fileName: 'a.jpg', capturedAt: '2024-05-01T10:00:00' })
  world.addImage(one, { fileName: 'stays.jpg', capturedAt: '2024-05-01T10:00:00' })
  world.addImage(other, { fileName: 'stays too.jpg', capturedAt: '2024-05-01T10:00:00' })
  world.collect(image, other)
  await using home = await accountAtHome(world)
  const byAlbum = ['One/a.jpg', 'One/stays.jpg', 'Other/a.jpg', 'Other/stays too.jpg']
  const byDate = ['2024/a.jpg', '2024/stays too.jpg', '2024/stays.jpg']
  expect(await brought(home, '{album.path}/{name}')).toMatchObject({ files: byAlbum, downloads: 3 })
  expect(await brought(home, '{captured:%Y}/{name}')).toMatchObject({ files: byDate, downloads: 0, failed: [] })
  expect(await brought(home, '{captured:%Y}/{name}', { full: true })).toMatchObject({
    files: byDate,
    counts: { unchanged: 4 },
  })
  expect(await brought(home, '{album.path}/{name}')).toMatchObject({ files: byAlbum, downloads: 0, failed: [] })
  expect(await brought(home, '{captured:%Y}/{name}')).toMatchObject({ files: byDate, downloads: 0, failed: [] })
  const mirror = { mirror: { files: 9 } }
  world.removeImage(image, other)
  expect(await brought(home, '{captured:%Y}/{name}', mirror)).toMatchObject({ files: byDate, failed: [] })
  world.removeImage(image)
  expect(await brought(home, '{captured:%Y}/{name}', mirror)).toMatchObject({
    files: ['2024/stays too.jpg', '2024/stays.jpg'],
    failed: [],
  })
})

test('a file that stands where a new template has its own folder moves into that, with its sidecar', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'One' })
  world.addImage(album, { fileName: 'c.jpg', title: 'Forum.jpg', caption: 'At noon' })
  world.addImage(album, { fileName: 'd.jpg', title: 'Market' })
  await using backup = await Backup.of(world)
  const run = async (path: string) => {
    backup.options = { path, albumFile: 'none', sidecar: 'xmp' }
    const { failedInAll, sidecars } = await backup.run()
    expect({ failedInAll, sidecars }).toMatchObject({ failedInAll: 0, sidecars: { atHome: 2, yours: 0 } })
    return backup.paths({ descriptions: true })
  }
  expect(await run('{title}')).toEqual(['Forum.jpg', 'Forum.jpg.xmp', 'Market.jpg', 'Market.jpg.xmp'])
  const inFolders = ['Forum.jpg/c.jpg', 'Forum.jpg/c.jpg.xmp', 'Market/d.jpg', 'Market/d.jpg.xmp']
  expect(await run('{title}/{name}')).toEqual(inFolders)
  expect(await run('{title}/{name}')).toEqual(inFolders)
  expect(backup.downloads).toBe(2)
})

test.each(['1970-01-01T00:00:00', '2000-01-01T00:00:00', '1904-01-01T00:00:00', undefined])(
  'a picture whose date is %s has none: it goes where the template puts those, and else into the folder above',
  async (capturedAt) => {
    const world = new World({ startsAt: Date.UTC(2026, 0, 2, 8) })
    world.addImage(world.addAlbum({ name: 'Scans' }), { fileName: 'a.jpg', capturedAt })
    await using home = await accountAtHome(world)
    for (const [template, path] of [
      ['{captured:%Y|"undated"}/{name}', 'undated/a.jpg'],
      ['{captured|uploaded:%Y/%m}/{name}', '2026/01/a.jpg'],
      ['{album}/{captured:%Y/%m}/{name}', 'Scans/a.jpg'],
      ['{captured:%Y/%m}/{name}', 'a.jpg'],
    ] as const)
      expect(await brought(home, template)).toMatchObject({ files: [path], failed: [] })
  },
)

test('archives and the names in them follow templates of their own, without a download, and back', async () => {
  const world = account()
  await using home = await accountAtHome(world)
  const archived = async (...set: string[]) => {
    const { summary, downloads } = await home.run([zip], { set })
    const entries = (await files(home)).map(async (path) => [
      path,
      (await archiveContents(join(home.output, path))).map(([name]) => name),
    ])
    return { downloads, failed: summary?.failed, archives: Object.fromEntries(await Promise.all(entries)) }
  }
  const usual = { 'Scans.zip': ['Scan 7.JPG'], 'Travel/Tokyo.zip': ['IMG_1.JPG', 'IMG_2.JPG'] }
  expect(await archived()).toEqual({ downloads: 3, failed: [], archives: usual })
  const dated = ['zip.path={album.path: - }', 'zip.entry={captured:%Y|"undated"}/{position:%02d }{name}']
  const moved = {
    'Scans.zip': ['undated/01 Scan 7.JPG'],
    'Travel - Tokyo.zip': ['2025/01 IMG_1.JPG', '2026/02 IMG_2.JPG'],
  }
  expect(await archived(...dated)).toEqual({ downloads: 0, failed: [], archives: moved })
  expect(await archived(...dated)).toEqual({ downloads: 0, failed: [], archives: moved })
  expect(await archived()).toEqual({ downloads: 0, failed: [], archives: usual })
})

test('two albums whose archives a template puts at one path get an archive each', async () => {
  const world = account()
  await using home = await accountAtHome(world)
  const set = ['zip.path=all/{account}']
  expect((await home.run([zip], { set })).summary?.failed).toEqual([])
  const first = await files(home)
  expect(first).toHaveLength(2)
  expect(first).toContain('all/janedoe.zip')
  expect((await home.run([zip], { set, full: true })).downloads).toBe(0)
  expect(await files(home)).toEqual(first)
})

test('a picture that two albums have at one path has one sidecar, of which an empty home has nothing to say, and which verify knows', async () => {
  const world = new World()
  const albums = ['One', 'Other', 'Third'].map((name) => world.addAlbum({ name }))
  const facts = { capturedAt: '2024-05-01T10:00:00', caption: 'At the sea' }
  for (const [index, album] of albums.entries()) {
    world.addImage(album, { ...facts, fileName: 'alike.jpg' })
    const shared = world.addImage(album, { ...facts, fileName: `shared ${index}.jpg` })
    for (const other of albums) if (other !== album) world.collect(shared, other)
  }
  await using backup = await Backup.of(world)
  backup.options = { path: '{captured:%Y}/{name}', albumFile: 'none', sidecar: 'xmp' }
  const { notices, sidecars, failedInAll } = await backup.run()
  expect({ notices, sidecars, failedInAll }).toMatchObject({ notices: [], sidecars: { yours: 0 }, failedInAll: 0 })
  expect(await backup.verify()).toMatchObject({ items: 2 * 12, ok: 2 * 12, findings: [], unknown: 0 })
  expect((await backup.run({ full: true })).sidecars).toMatchObject({ written: 0, yours: 0 })
})
