import { mkdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import zip from '../../../plugins/zip/index.ts'
import type { RunPlan } from '../../../src/engine/run/plan.ts'
import { StagedAhead } from '../../../src/engine/run/staged-ahead.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Image, World } from '../../../src/simulator/world.ts'
import { readStaging } from '../../e2e/home.ts'
import { until } from '../../e2e/scenario.ts'
import { Backup } from '../adopt/backup.ts'

const count = 60
const perPage = 30

/** One album of two pages, each of thirty pictures, of which those with an odd number have the same name. */
function twoPages(): { world: World; images: Image[] } {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  const images = Array.from({ length: count }, (_, i) =>
    world.addImage(album, {
      fileName: i % 2 === 0 ? `${i}.jpg` : 'odd.jpg',
      size: 1000,
      keywords: i < 5 ? ['five'] : [],
    }),
  )
  return { world, images }
}

async function backupOf(world: World): Promise<Backup> {
  return Backup.of(world, { clamps: { AlbumImages: perPage } })
}

/** The list goes on after its first page when the test says so. */
function holdSecondPage({ smugmug }: Backup): () => void {
  const go = Promise.withResolvers<void>()
  smugmug.faults.add({ path: `start=${perPage + 1}`, kind: 'api', do: { kind: 'held', until: go.promise } })
  return go.resolve
}

/** As many as the album has, each asked for once. */
function expectEachOnce({ smugmug }: Backup, more = 0): void {
  const asked = smugmug.requests.filter(({ kind }) => kind === 'media').map(({ path }) => path)
  expect(asked).toHaveLength(count + more)
  expect(new Set(asked).size).toBe(count + more)
}

test.each([
  ['folder', folder],
  ['zip', zip],
])(
  'pictures of the first page come before the list goes on, and have no names before it has ended: %s',
  async (_, exporter) => {
    await using backup = await backupOf(twoPages().world)
    backup.exporters = [exporter as Exporter]
    const goOn = holdSecondPage(backup)
    const running = backup.run()
    // Slices of a page are in the catalog; the rest of it comes with what follows.
    await until(() => backup.downloads >= 25)
    await until(async () => (await readStaging(backup.output)).filter((name) => name.endsWith('.part')).length >= 25)
    expect(await backup.paths()).toEqual([])
    goOn()
    const summary = await running
    expect(summary.exporters[exporter.name]).toMatchObject({ listed: count, new: count, failed: 0 })
    expect(summary.downloaded).toMatchObject({ files: count, bytes: count * 1000 })
    expect(backup.events.filter(({ type }) => type === 'image.fetched')).toHaveLength(count)
    expectEachOnce(backup)
    expect(await readStaging(backup.output)).toEqual([])
    if (exporter.name === 'folder') expect(await backup.paths()).toHaveLength(count)
    expect((await backup.run({ full: true })).exporters[exporter.name]).toMatchObject({ unchanged: count })
  },
)

test.each<[string, Partial<RunPlan>, number]>([
  ['of a dry run', { dryRun: true }, 0],
  ['of another album', { exclude: ['Album'] }, 0],
  ['that are not chosen', { pictures: { types: [], keywords: ['five'], privacy: [] } }, 5],
  ['that were taken before', { pictures: { types: ['video'], keywords: [], privacy: [] } }, 0],
])('nothing comes ahead %s', async (_, plan, wanted) => {
  await using backup = await backupOf(twoPages().world)
  await backup.run(plan)
  expect(backup.downloads).toBe(wanted)
})

test('of those that are asked for by name, they alone', async () => {
  const { world, images } = twoPages()
  await using backup = await backupOf(world)
  const [first] = images
  const album = first?.albums[0]
  if (!first || !album) throw new Error('the album is empty')
  await backup.run({ only: new Map([[album.key, new Set([first.key])]]) })
  expect(backup.downloads).toBe(1)
})

test('where there is any file at home, nothing comes before its turn: it may be there, and the catalog lost', async () => {
  await using backup = await backupOf(twoPages().world)
  await mkdir(backup.at('Album'), { recursive: true })
  await writeFile(backup.at('Album/notes.txt'), 'mine')
  const goOn = holdSecondPage(backup)
  const running = backup.run()
  await until(() => backup.smugmug.requests.some(({ path }) => path.includes(`start=${perPage + 1}`)))
  goOn()
  await running
  const order = backup.smugmug.requests.map(({ kind, path }) => (kind === 'media' ? 'picture' : path))
  expect(order.indexOf('picture')).toBeGreaterThan(order.findIndex((path) => path.includes(`start=${perPage + 1}`)))
})

test('a list that ends short costs nothing that came ahead of it, and nothing is asked for twice', async () => {
  const { world, images } = twoPages()
  await using backup = await backupOf(world)
  const missing = images[40]?.key ?? ''
  backup.smugmug.quirks.add({ path: '!images', do: { kind: 'missing', keys: [missing] } })
  expect((await backup.run()).exporters.folder).toMatchObject({ new: count - 1, failed: 1 })
  expectEachOnce(backup, -1)
  expect(await readStaging(backup.output)).toEqual([])
})

test('a picture that is replaced between the pages comes home as it is now, and the earlier one leaves staging', async () => {
  const { world, images } = twoPages()
  await using backup = await backupOf(world)
  const [first] = images
  if (!first) throw new Error('the album is empty')
  // It is read a second time, since it lists fewer than the album announces.
  backup.smugmug.quirks.add({ path: '!images', times: 2, do: { kind: 'hidden', keys: [images[40]?.key ?? ''] } })
  const goOn = holdSecondPage(backup)
  const running = backup.run()
  await until(() => backup.events.filter(({ type }) => type === 'image.fetched').length >= 25)
  world.replaceImage(first)
  goOn()
  expect((await running).exporters.folder).toMatchObject({ new: count, failed: 0 })
  expectEachOnce(backup, 1)
  expect(await readStaging(backup.output)).toEqual([])
  const atHome = [...(await backup.files()).values()].map(({ md5 }) => md5)
  expect(atHome.sort()).toEqual([...backup.smugmug.listing()].map(({ md5 }) => md5).sort())
})

test('one that is replaced after its page was read comes home as it was listed, and the next run brings the newer one', async () => {
  const { world, images } = twoPages()
  await using backup = await backupOf(world)
  const goOn = holdSecondPage(backup)
  const running = backup.run()
  await until(() => backup.events.filter(({ type }) => type === 'image.fetched').length >= 25)
  if (images[0]) world.replaceImage(images[0])
  goOn()
  expect((await running).exporters.folder).toMatchObject({ new: count, failed: 0 })
  expect((await backup.run({ full: true })).exporters.folder).toMatchObject({ updated: 1, unchanged: count - 1 })
  expectEachOnce(backup, 1)
})

test('pictures that another album has, too, come once, whichever is listed first', async () => {
  const { world, images } = twoPages()
  const other = world.addAlbum({ name: 'Other' })
  for (const image of images.slice(0, 30)) world.collect(image, other)
  await using backup = await backupOf(world)
  const goOn = holdSecondPage(backup)
  const running = backup.run()
  await until(async () => (await backup.paths()).length === 30)
  goOn()
  expect((await running).exporters.folder).toMatchObject({ new: count + 30, failed: 0 })
  expectEachOnce(backup)
  expect(await readStaging(backup.output)).toEqual([])
})

test('what cannot be had fails once, when its turn comes, under its name', async () => {
  const { world, images } = twoPages()
  await using backup = await backupOf(world)
  backup.smugmug.faults.add({ path: images[1]?.key ?? '', kind: 'media', do: { kind: 'flipped' } })
  const goOn = holdSecondPage(backup)
  const running = backup.run()
  await until(() => backup.events.filter(({ type }) => type === 'image.fetched').length >= 24)
  goOn()
  const summary = await running
  expect(summary.exporters.folder).toMatchObject({ new: count - 1, failed: 1 })
  expect(summary.failed).toMatchObject([{ imageKey: images[1]?.key }])
  // Four times in all.
  const { smugmug } = backup
  expect(
    smugmug.requests.filter(({ kind, path }) => kind === 'media' && path.includes(images[1]?.key ?? ' ')),
  ).toHaveLength(4)
  expect(await readStaging(backup.output)).toEqual([])
})

test('only so many bytes wait at once', () => {
  const ahead = new StagedAhead({ room: 100, atOnce: 1 })
  expect([ahead.reserve(60), ahead.reserve(60), ahead.reserve(40), ahead.reserve(1)]).toEqual([
    true,
    false,
    true,
    false,
  ])
  const row = {
    album: 'A',
    image: 'I',
    component: '',
    serial: 0,
    source: { kind: 'original', url: '', size: 60, md5: 'x' },
  } as const
  ahead.put(row, 60, { kind: 'original', size: 60, md5: 'x', sha256: 'y', contentType: 'image/jpeg' })
  expect(ahead.reserve(60)).toBe(false)
  expect(ahead.take(row)).toMatchObject({ md5: 'x' })
  expect(ahead.reserve(60)).toBe(true)
})
