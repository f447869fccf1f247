import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import gallery from '../../plugins/gallery/index.ts'
import { thumbnail } from '../../plugins/gallery/thumbnail.ts'
import zip from '../../plugins/zip/index.ts'
import { World } from '../../src/simulator/world.ts'
import { jpegWithExif } from '../exporter/describe/jpeg-with-exif.ts'
import { albumWith, imageWith } from '../exporter/records.ts'
import { type AtHome, accountAtHome } from './account-at-home.ts'

function family() {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const first = world.addImage(rome, {
    fileName: 'a.jpg',
    title: 'Forum',
    gps: { latitude: 41.9, longitude: 12.5, altitude: 20 },
  })
  world.addImage(rome, { fileName: 'hidden.jpg', hidden: true })
  const own = world.addAlbum({ name: 'Ours', privacy: 'Private' })
  world.addImage(own, { fileName: 'b.jpg' })
  return { world, rome, first, own }
}

/** Every file of the gallery with its inode and time. */
async function pagesOf({ output }: AtHome): Promise<Map<string, string>> {
  const names = (await readdir(join(output, 'gallery'), { recursive: true })).map((name) => `gallery/${name}`)
  const files = [...names, 'index.html'].filter((name) => /\.\w+$/.test(name)).sort()
  return new Map(
    await Promise.all(
      files.map(async (name) => {
        const { ino, mtimeMs } = await stat(join(output, name))
        return [name, `${ino} ${mtimeMs}`] as const
      }),
    ),
  )
}

const changed = (before: Map<string, string>, after: Map<string, string>) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort()

test('small copies come with the list for no request more, are stored as files and shown, and no picture counts by them', async () => {
  const { world, rome, first } = family()
  await using home = await accountAtHome(world)
  const plain = await home.run([folder])
  await using other = await accountAtHome(family().world)
  const { summary } = await other.run([folder, gallery])
  expect(summary?.apiRequests).toBe(plain.summary?.apiRequests)
  expect(summary?.exporters).toMatchObject({ folder: { new: 3, failed: 0 }, gallery: { new: 3, failed: 0 } })
  const page = await readFile(join(other.output, `gallery/a/${rome.key}.html`), 'utf8')
  expect(page).toContain(`src="../../gallery/t/${rome.key}/${first.key}.jpg"`)
  expect((await stat(join(other.output, `gallery/t/${rome.key}/${first.key}.jpg`))).size).toBeGreaterThan(100)
  expect(page).toContain('href="../../Travel/Rome/a.jpg"')
})

test('with nothing new nothing is asked and nothing written; one new picture writes its album and the indexes', async () => {
  const { world, rome } = family()
  await using home = await accountAtHome(world)
  await home.run([folder, gallery])
  const before = await pagesOf(home)
  const again = await home.run([folder, gallery], { now: Date.now() + 10 * 60_000 })
  expect(again.downloads).toBe(0)
  const settled = await home.run([folder, gallery], { now: Date.now() + 20 * 60_000 })
  expect(settled.summary?.apiRequests).toBeLessThanOrEqual(3)
  expect(changed(before, await pagesOf(home))).toEqual([])
  const added = world.addImage(rome, { fileName: 'new.jpg' })
  await home.run([folder, gallery], { now: Date.now() + 30 * 60_000 })
  expect(changed(before, await pagesOf(home))).toEqual([
    `gallery/a/${rome.key}.html`,
    'gallery/grid.js',
    'gallery/search.js',
    `gallery/t/${rome.key}/${added.key}.jpg`,
    'index.html',
  ])
})

test('a small copy follows its picture when that is replaced, comes back when it is lost, and is no failure where there is none', async () => {
  const { world, rome, first } = family()
  world.addImage(rome, { fileName: 'refused.jpg', rights: 'none' })
  await using home = await accountAtHome(world)
  await home.run([folder, gallery])
  const path = join(home.output, `gallery/t/${rome.key}/${first.key}.jpg`)
  const before = await readFile(path)
  world.replaceImage(first)
  await home.run([folder, gallery], { full: true })
  expect(await readFile(path)).not.toEqual(before)
  await rm(path)
  const { summary } = await home.run([folder, gallery], { full: true })
  expect((await stat(path)).isFile()).toBe(true)
  expect(summary?.exporters.gallery).toMatchObject({ failed: 0 })
  expect(await readFile(join(home.output, `gallery/a/${rome.key}.html`), 'utf8')).toContain('class="tile"')
})

test('what is not to be shared is left out: places, hidden pictures, and albums that are not public', async () => {
  const { world, rome, own } = family()
  await using home = await accountAtHome(world)
  await home.run([folder, gallery], { set: ['gallery.places=no', 'gallery.hidden=no'] })
  const page = await readFile(join(home.output, `gallery/a/${rome.key}.html`), 'utf8')
  expect(page).toContain('a.jpg')
  expect(page).not.toContain('hidden.jpg')
  expect(page).not.toContain('41.9')
  expect(await readdir(join(home.output, 'gallery/a'))).toEqual([`${rome.key}.html`])
  const everything = await Promise.all(
    ['index.html', 'gallery/grid.js', 'gallery/search.js'].map((name) => readFile(join(home.output, name), 'utf8')),
  )
  for (const text of everything) {
    expect(text).not.toContain(own.key)
    expect(text).not.toContain('hidden.jpg')
  }
})

test('pages of an album that is gone from a mirror go, and those of a user stay', async () => {
  const { world, own } = family()
  await using home = await accountAtHome(world)
  await home.run([folder, gallery])
  expect(await readdir(join(home.output, 'gallery/a'))).toHaveLength(2)
  world.removeNode(own)
  await home.run([folder, gallery], { full: true })
  expect(await readdir(join(home.output, 'gallery/a'))).not.toContain(`${own.key}.html`)
})

test('where the pictures lie in archives only, it says what it needs', async () => {
  await using home = await accountAtHome(family().world)
  const { summary } = await home.run([zip, gallery])
  expect(summary?.notices.join()).toContain('-e folder,gallery shows them large, too')
  await using other = await accountAtHome(family().world)
  const { error } = await other.run([folder, gallery], { set: ['gallery.base=photos'] })
  expect(error).toMatchObject({ kind: 'usage', message: expect.stringContaining('photos is no address') })
})

test('an embedded thumbnail stands in where SmugMug has no small copy', async () => {
  const output = await mkdtemp(join(tmpdir(), 'smugdl-thumb-'))
  const written: { path: readonly string[]; bytes: Uint8Array }[] = []
  const small = Buffer.from([0xff, 0xd8, 0xff, 0xd9])
  await writeFile(join(output, 'a.jpg'), jpegWithExif('2024:04:30 10:12:09', { thumbnail: small }))
  const context = {
    output,
    smallCopy: async () => undefined,
    deliveries: async () => ({ folder: { delivery: { path: 'a.jpg' }, facts: {} } }),
    writeFile: async (path: readonly string[], bytes: Uint8Array) => {
      written.push({ path, bytes })
      return { path: path.join('/') }
    },
  } as unknown as Parameters<typeof thumbnail>[3]
  expect(await thumbnail(imageWith({ key: 'K1' }), albumWith({ key: 'A1' }), { size: 'S' }, context)).toEqual({
    path: 'gallery/t/A1/K1.jpg',
    version: '0 S',
  })
  expect(written.map(({ bytes }) => Buffer.from(bytes))).toEqual([small])
  await rm(output, { recursive: true })
})

test('a picture that is in two albums at once has its small copy in each', async () => {
  for (let time = 0; time < 5; time++) {
    const world = new World()
    const [one, two] = ['One', 'Two'].map((name) => world.addAlbum({ name }))
    if (one === undefined || two === undefined) throw new Error('no albums')
    const both = Array.from({ length: 6 }, () => world.addImage(one))
    for (const image of both) world.collect(image, two)
    await using home = await accountAtHome(world)
    const { error, summary } = await home.run([folder, gallery])
    expect([error, summary?.failed]).toEqual([undefined, []])
    for (const { key } of [one, two]) expect(await readdir(join(home.output, `gallery/t/${key}`))).toHaveLength(6)
  }
})
