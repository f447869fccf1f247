import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'
import { byName, captioned, dreamer, heart, hollow, poster, selfWriting } from './liars.ts'

/** Two albums, each with two pictures of the same day and the same names. */
async function accountFor(...exporters: Exporter[]): Promise<Backup> {
  const world = new World()
  for (const name of ['Picnic', 'Walk']) {
    const album = world.addAlbum({ name })
    for (const fileName of ['1.jpg', '2.jpg']) world.addImage(album, { fileName, capturedAt: '2020-05-01T10:00:00' })
  }
  const backup = await Backup.of(world)
  backup.exporters = exporters
  return backup
}

const sumOf = ({ listed, new: fresh, updated, unchanged, failed, bytes }: Record<string, number>) => ({
  listed,
  new: fresh,
  updated,
  unchanged,
  failed,
  bytes,
})

test('files that place() made are missed when they are gone, and fetched by the next run', async () => {
  await using backup = await accountFor(heart)
  await backup.run()
  const paths = await backup.paths()
  await rm(backup.at('heart'), { recursive: true })
  expect(await backup.verify()).toMatchObject({ items: 4, ok: 0, missing: 4 })
  expect((await backup.run()).exporters.heart).toMatchObject({ updated: 4, unchanged: 0, failed: 0 })
  expect(await backup.paths()).toEqual(paths)
})

test('files that place() made follow a renamed album, without a download, and are removed by a mirror', async () => {
  await using backup = await accountFor(heart)
  await backup.run()
  const { world } = backup.smugmug
  const [picnic, walk] = [...world.albums.values()]
  if (picnic === undefined || walk === undefined) throw new Error('no albums')
  world.rename(picnic, 'Feast')
  const before = backup.downloads
  expect((await backup.run()).exporters.heart).toMatchObject({ updated: 2, unchanged: 2, bytes: 0 })
  expect(backup.downloads).toBe(before)
  expect(await backup.paths()).toEqual([
    'heart/2020/Feast/1.jpg',
    'heart/2020/Feast/2.jpg',
    'heart/2020/Walk/1.jpg',
    'heart/2020/Walk/2.jpg',
  ])
  world.removeNode(walk)
  expect(await backup.run({ mirror: { files: 10 }, full: true })).toMatchObject({ removed: 2, failed: [] })
  expect(await backup.paths()).toEqual(['heart/2020/Feast/1.jpg', 'heart/2020/Feast/2.jpg'])
})

test('an exporter that keeps the pictures here and shows nothing has failed, in every run', async () => {
  await using backup = await accountFor(poster())
  for (const _ of [1, 2]) {
    const summary = await backup.run()
    expect(summary.exporters.poster).toMatchObject({ listed: 4, failed: 4, bytes: 0 })
    expect(summary.failed[0]?.reason).toBe(
      'The exporter "poster" returned no file that holds the picture, and nothing of it was kept',
    )
    expect(summary.failed[0]?.next).toContain("keeps: 'nothing'")
  }
})

test('an exporter that keeps nothing is done with each picture once, and has nothing that could be verified', async () => {
  await using backup = await accountFor(poster({ keeps: 'nothing' }))
  expect((await backup.run()).exporters.poster).toMatchObject({ new: 4, failed: 0, bytes: 0 })
  expect((await backup.run()).exporters.poster).toMatchObject({ unchanged: 4, failed: 0 })
  expect(await backup.verify()).toMatchObject({ items: 0, unproven: 0, unkept: { poster: 4 } })
})

test('what is kept elsewhere is proven by inspect, and by nobody without it', async () => {
  const kept = new Set<string>()
  const cloud = (hooks: object): Exporter => ({
    name: 'cloud',
    apiVersion: 1,
    keeps: 'elsewhere',
    create: () => ({
      deliver(image) {
        kept.add(image.key)
        return { path: image.key, size: 1, sha256: 'x', modifiedMs: 1 }
      },
      ...hooks,
    }),
  })
  await using backup = await accountFor(
    cloud({ inspect: ({ path }: { path: string }) => (kept.has(path) ? 'ok' : 'missing') }),
  )
  await backup.run()
  expect(await backup.verify()).toMatchObject({ items: 4, ok: 4 })
  const [one = ''] = kept
  kept.delete(one)
  expect(await backup.verify()).toMatchObject({ ok: 3, missing: 1 })
  expect((await backup.run()).exporters.cloud).toMatchObject({ updated: 1, unchanged: 3 })
  backup.exporters = [cloud({})]
  expect(await backup.verify()).toMatchObject({ ok: 0, unproven: 4 })
})

test('a path where no file is fails the delivery', async () => {
  await using backup = await accountFor(dreamer)
  const { failed, exporters } = await backup.run()
  expect(exporters.dreamer).toMatchObject({ failed: 4 })
  expect(failed[0]?.reason).toMatch(/^The exporter "dreamer" says that it wrote .*\.jpg, and there is no such file$/)
})

test.each([
  ['createFile', hollow],
  ['itself', selfWriting((key) => `${key}.jpg`, '')],
])('an empty file of a picture that has bytes, written with %s, fails the delivery', async (_, exporter) => {
  await using backup = await accountFor(exporter)
  const { failed, exporters } = await backup.run()
  expect(exporters[exporter.name]).toMatchObject({ failed: 4, bytes: 0 })
  expect(failed[0]?.reason).toMatch(/is empty, and the picture is not$/)
})

test('what an exporter made of the pictures is counted apart, with the bytes that it really has', async () => {
  await using backup = await accountFor(captioned())
  const summary = await backup.run()
  const written = 4 * 'a picture, and: '.length
  expect(sumOf(summary.exporters.captioned as never)).toEqual({
    listed: 4,
    new: 4,
    updated: 0,
    unchanged: 0,
    failed: 0,
    bytes: written,
  })
  expect(summary.made).toEqual({ captioned: 4 })
  expect((await backup.run()).made).toEqual({ captioned: 4 })
  expect(await backup.verify()).toMatchObject({ ok: 4, made: 4, bytes: written })
})

test('files that an exporter wrote itself are compared with the picture, and looked at ever after', async () => {
  await using backup = await accountFor(selfWriting((key) => `${key}.jpg`))
  const summary = await backup.run()
  expect(summary).toMatchObject({ failed: [], exporters: { 'self-writing': { new: 4 } } })
  expect(summary.made).toBeUndefined()
  expect(await backup.verify()).toMatchObject({ ok: 4 })
  const [path = ''] = await backup.paths()
  await rm(backup.at(path))
  expect(await backup.verify()).toMatchObject({ ok: 3, missing: 1 })
  expect((await backup.run()).exporters['self-writing']).toMatchObject({ updated: 1, unchanged: 3 })
})

test('no exporter overwrites the file of another image: the second one fails, and both are named', async () => {
  await using backup = await accountFor(byName)
  const { exporters, failed } = await backup.run({ concurrency: 1 })
  expect(exporters['by-name']).toMatchObject({ new: 2, failed: 2 })
  expect(failed[0]?.reason).toMatch(
    /^"2020-05-01\/1\.jpg" is the file of (Picnic|Walk)\/1\.jpg \(key \w+\) already: no second picture can have it$/,
  )
  expect(failed[0]?.next).toBe('The exporter "by-name" must add image.key to the name')
  expect(await readdir(backup.at('by-name/2020-05-01'))).toEqual(['1.jpg', '2.jpg'])
  expect(await backup.verify()).toMatchObject({ items: 2, ok: 2 })
  // In a later run as well, and whichever comes first.
  expect((await backup.run({ full: true })).exporters['by-name']).toMatchObject({ unchanged: 2, failed: 2 })
})

test('a returned path that another image has fails the delivery', async () => {
  await using backup = await accountFor(selfWriting(() => 'all.jpg'))
  const { exporters, failed } = await backup.run({ albums: ['Picnic'] })
  expect(exporters['self-writing']).toMatchObject({ new: 1, failed: 1 })
  expect(failed[0]?.reason).toMatch(/^"all.jpg" is the file of .* already/)
})

test('two images with the same bytes that are to have one path get a file each', async () => {
  const flat: Exporter = {
    name: 'flat',
    apiVersion: 1,
    create: (context) => ({ deliver: (image, file) => context.place(file, [image.fileName]) }),
  }
  await using backup = await accountFor(flat)
  const { world } = backup.smugmug
  const [first, second] = [...world.albums.values()]
  if (first === undefined || second === undefined) throw new Error('no albums')
  const image = world.addImage(first, { fileName: 'twin.jpg' })
  world.addImage(second, { fileName: 'twin.jpg', seed: image.seed, size: image.size })
  await backup.run()
  const twins = (await backup.paths()).filter((path) => path.includes('twin'))
  expect(twins).toHaveLength(2)
  expect(await backup.verify()).toMatchObject({ items: 6, ok: 6 })
})

test('an answer of inspect that is none of the four words fails that image, and nothing else', async () => {
  const words: unknown[] = ['constructor', 7, {}, null]
  const babbler: Exporter = {
    name: 'babbler',
    apiVersion: 1,
    create: (context) => ({
      deliver: (image, file, { album }) => context.place(file, [...album.directory, image.name]),
      inspect: () => words.pop() as never,
    }),
  }
  await using backup = await accountFor(babbler)
  await backup.run()
  const { unreadable, findings } = await backup.verify()
  expect({ unreadable, words }).toEqual({ unreadable: 4, words: [] })
  expect(findings.map(({ reason }) => reason)).toContain(
    'Exporter "babbler" failed in inspect: answered 7, which is none of ok, missing, damaged, changed',
  )
  words.push(1, 2, 3, 4, 5, 6, 7, 8)
  const summary = await backup.run()
  expect(summary.exporters.babbler).toMatchObject({ listed: 4, failed: 4 })
})

test('an inspect that says ok of everything is not believed of a file that smugdl can look at', async () => {
  const sure: Exporter = {
    name: 'sure',
    apiVersion: 1,
    create: (context) => ({
      deliver: (image, file, { album }) => context.place(file, [...album.directory, image.name]),
      inspect: () => 'ok',
    }),
  }
  await using backup = await accountFor(sure)
  await backup.run()
  const [path = '', other = ''] = await backup.paths()
  await rm(backup.at(path))
  await writeFile(backup.at(other), 'mine')
  expect(await backup.verify()).toMatchObject({ ok: 2, missing: 1, changed: 1 })
})

test('a file whose writes nobody awaited is whole all the same', async () => {
  const hasty: Exporter = {
    name: 'hasty',
    apiVersion: 1,
    create: (context) => ({
      async deliver(image) {
        const file = await context.createFile([image.key])
        for (let piece = 0; piece < 50; piece++) void file.write('x'.repeat(100_000))
        return file.commit()
      },
    }),
  }
  await using backup = await accountFor(hasty)
  await backup.run()
  for (const path of await backup.paths()) expect((await readFile(backup.at(path))).length).toBe(5_000_000)
})
