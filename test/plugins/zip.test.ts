import { appendFile, lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import { openArchive } from '../../plugins/zip/archive.ts'
import zip from '../../plugins/zip/index.ts'
import { writeArchive } from '../../plugins/zip/write-archive.ts'
import { offlineDrivers } from '../../src/engine/exporters/offline-drivers.ts'
import {
  defineExporter,
  type Exporter,
  type ExporterContext,
  type InspectDepth,
  type Inspection,
} from '../../src/exporter/index.ts'
import { type Album, type Image, World } from '../../src/simulator/world.ts'
import { installed } from '../installed.ts'
import { type AtHome, accountAtHome, look } from './account-at-home.ts'
import { archiveContents } from './archive-contents.ts'

/** An account of one album, `Travel/Rome`. */
async function rome(...fileNames: string[]): Promise<AtHome & { album: Album; images: Image[]; archive: string }> {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const images = fileNames.map((fileName) => world.addImage(album, { fileName }))
  const home = await accountAtHome(world)
  return Object.assign(home, { album, images, archive: join(home.output, 'Travel/Rome.zip') })
}

/** Names and MD5 of what the album holds on SmugMug, in its order. */
function listed({ smugmug }: AtHome): [string, string][] {
  return [...smugmug.listing()].map(({ fileName, md5 }) => [fileName, md5])
}

/** The user adds a file to an archive. Returns its bytes. */
async function withNote(path: string): Promise<Buffer> {
  const note = { name: 'note.txt', key: 'note', date: new Date(0), bytes: () => Readable.from([Buffer.from('mine')]) }
  using archive = await openArchive(path)
  const images = archive.images.map((image) => ({ ...image, bytes: () => archive.read(image) }))
  const bytes = await buffer(writeArchive([...images, note], { deflate: false }))
  await writeFile(path, bytes)
  return bytes
}

const staged = ({ output }: AtHome) => readdir(join(output, '.smugdl/staging'))

describe('an album', () => {
  test('is an archive of its originals, in its own order, beside where its folder would be', async () => {
    await using home = await rome('b.jpg', 'a.jpg', 'ü – 日本.jpg')
    const { summary, downloads } = await home.run([zip])
    expect(summary).toMatchObject({ failedInAll: 0, exporters: { zip: { listed: 3, new: 3 } } })
    expect(downloads).toBe(3)
    expect(await archiveContents(home.archive)).toEqual(listed(home))
    expect(await staged(home)).toEqual([])
  })

  test('without images is an empty archive; one of which nothing came is none', async () => {
    const world = new World()
    world.addAlbum({ name: 'Empty' })
    world.addImage(world.addAlbum({ name: 'Refused' }), { rights: 'none' })
    await using home = await accountAtHome(world)
    await home.run([zip])
    expect(await archiveContents(join(home.output, 'Empty.zip'))).toEqual([])
    expect((await readdir(home.output)).sort()).toEqual(['.smugdl', 'Empty.zip'])
  })

  test('dates its entries by the camera, else by the upload, from 1980 on', async () => {
    await using home = await rome()
    const { world } = home.smugmug
    world.addImage(home.album, { fileName: 'camera.jpg', capturedAt: '2015-03-29T02:30:01' })
    world.addImage(home.album, { fileName: 'scan.jpg', capturedAt: '1931-06-01T12:00:00' })
    world.addImage(home.album, { fileName: 'upload.jpg', uploadedAt: Date.UTC(2020, 1, 29, 23, 59, 59) })
    await home.run([zip])
    using archive = await openArchive(home.archive)
    const pictures = archive.images.filter(({ suffix }) => suffix === '')
    expect(pictures.map(({ name, date }) => [name, date.toISOString()])).toEqual([
      ['camera.jpg', '2015-03-29T02:30:00.000Z'],
      ['scan.jpg', '1980-01-01T00:00:00.000Z'],
      ['upload.jpg', '2020-02-29T23:59:58.000Z'],
    ])
  })

  test('is the same archive to the byte, whether it came at once or by and by, in whatever zone', async () => {
    await using slowly = await rome('a.jpg', 'b.jpg', 'c.jpg')
    const { world } = slowly.smugmug
    const [a, b] = slowly.images
    await slowly.run([zip])
    world.addImage(slowly.album, { fileName: 'd.jpg' })
    await slowly.run([zip])
    if (a !== undefined) world.replaceImage(a)
    if (b !== undefined) world.editImage(b, { fileName: 'B.jpg', capturedAt: '2001-02-03T04:05:06' })
    world.rearrange(slowly.album, slowly.album.images.toReversed())
    await slowly.run([zip], { full: true })
    const { TZ } = process.env
    process.env.TZ = 'Pacific/Apia'
    await using atOnce = await accountAtHome(world)
    await atOnce.run([zip])
    process.env.TZ = TZ
    const other = await readFile(join(atOnce.output, 'Travel/Rome.zip'))
    expect(other.equals(await readFile(slowly.archive))).toBe(true)
  })

  test('can be compressed; the pictures are the same', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const { downloads } = await home.run([zip], { set: ['zip.compression=deflate'] })
    expect(downloads).toBe(0)
    expect(await archiveContents(home.archive)).toEqual(listed(home))
    using archive = await openArchive(home.archive)
    expect(archive.images.map(({ stored }) => stored)).toEqual([false, false])
  })
})

describe('when the account changes', () => {
  test('only what is new is downloaded; the rest comes from the old archive, in the new order', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    const { world } = home.smugmug
    await home.run([zip])
    world.addImage(home.album, { fileName: 'c.jpg' })
    world.rearrange(home.album, home.album.images.toReversed())
    const { downloads, summary } = await home.run([zip])
    expect({ downloads, zip: summary?.exporters.zip }).toMatchObject({ downloads: 1, zip: { new: 1, unchanged: 2 } })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
  })

  test('a replaced image takes the place of its old bytes, under another name too', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    const { world } = home.smugmug
    await home.run([zip])
    for (const image of home.images) world.replaceImage(image)
    if (home.images[0] !== undefined) world.editImage(home.images[0], { fileName: 'renamed.jpg' })
    expect(await home.run([zip], { full: true })).toMatchObject({ downloads: 2, summary: { failedInAll: 0 } })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
  })

  test('a renamed image is renamed in the archive, and nothing is downloaded', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    if (home.images[1] !== undefined) home.smugmug.world.editImage(home.images[1], { fileName: 'x.jpg' })
    const { downloads, summary } = await home.run([zip], { full: true })
    expect({ downloads, zip: summary?.exporters.zip }).toMatchObject({
      downloads: 0,
      zip: { updated: 1, unchanged: 1 },
    })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
    expect(await home.run([zip], { full: true })).toMatchObject({ summary: { exporters: { zip: { unchanged: 2 } } } })
  })

  test('a renamed album or folder moves the archive as it is', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    const { world } = home.smugmug
    await home.run([zip])
    const { ino } = await lstat(home.archive)
    world.rename(home.album, 'Roma')
    if (home.album.parent) world.rename(home.album.parent, 'Viaggi')
    const { downloads, summary } = await home.run([zip], { full: true })
    expect({ downloads, zip: summary?.exporters.zip }).toMatchObject({ downloads: 0, zip: { updated: 2 } })
    expect((await lstat(join(home.output, 'Viaggi/Roma.zip'))).ino).toBe(ino)
    expect((await readdir(home.output)).sort()).toEqual(['.smugdl', 'Viaggi'])
    expect(look(home, ({ deliveries }) => [...deliveries.of('zip')].map(({ delivery }) => delivery?.path))).toEqual([
      'Viaggi/Roma.zip',
      'Viaggi/Roma.zip',
    ])
    expect(await home.run([zip], { full: true })).toMatchObject({ downloads: 0, summary: { notices: [] } })
  })

  test('what is no longer on SmugMug stays in the archive, after the rest', async () => {
    await using home = await rome('a.jpg', 'b.jpg', 'c.jpg')
    await home.run([zip])
    const before = await archiveContents(home.archive)
    if (home.images[0] !== undefined) home.smugmug.world.removeImage(home.images[0])
    home.smugmug.world.addImage(home.album, { fileName: 'd.jpg' })
    await home.run([zip])
    expect(await archiveContents(home.archive)).toEqual([...listed(home), before[0]])
  })

  test('an image that fails keeps the copy that the archive has, and the user hears of it', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const before = await archiveContents(home.archive)
    const [a] = home.images
    if (a !== undefined) home.smugmug.world.replaceImage(a)
    if (a !== undefined) a.rights = 'none'
    home.smugmug.world.addImage(home.album, { fileName: 'c.jpg' })
    const { summary } = await home.run([zip], { full: true })
    expect(summary).toMatchObject({ failedInAll: 1, exporters: { zip: { failed: 1, unchanged: 1, new: 1 } } })
    expect(summary?.notices.join()).toContain('keeps the "a.jpg" that it had')
    expect((await archiveContents(home.archive)).slice(0, 2)).toEqual(before)
  })

  test('an album that is as it was is only looked at', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const { ino, ctimeMs } = await lstat(home.archive)
    const { summary } = await home.run([zip])
    expect(summary).toMatchObject({ albums: { trusted: 1, listed: 0 }, exporters: { zip: { unchanged: 2 } } })
    expect(await lstat(home.archive)).toMatchObject({ ino, ctimeMs })
    await home.run([zip], { full: true })
    expect(await lstat(home.archive)).toMatchObject({ ino, ctimeMs })
  })
})

describe('with others', () => {
  test('folder and zip in one pass download each image once; one after the other nothing again, either way', async () => {
    await using both = await rome('a.jpg', 'b.jpg')
    expect(await both.run([folder, zip])).toMatchObject({ downloads: 2, summary: { failedInAll: 0 } })
    for (const [first, second] of [
      [folder, zip],
      [zip, folder],
    ] as const) {
      await using home = await accountAtHome(both.smugmug.world)
      expect(await home.run([first])).toMatchObject({ downloads: 2 })
      expect(await home.run([second])).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
      const archive = await readFile(join(home.output, 'Travel/Rome.zip'))
      expect(archive.equals(await readFile(both.archive))).toBe(true)
      for (const name of ['a.jpg', 'b.jpg'])
        expect(await readFile(join(home.output, 'Travel/Rome', name))).toEqual(
          await readFile(join(both.output, 'Travel/Rome', name)),
        )
    }
  })

  test('an image in several albums is downloaded once, though each waits for its archive', async () => {
    await using home = await rome('a.jpg')
    const { world } = home.smugmug
    for (const name of ['Best', 'Forum', 'Family']) {
      const album = world.addAlbum({ name })
      for (const image of home.images) world.collect(image, album)
    }
    expect(await home.run([folder, zip])).toMatchObject({ downloads: 1, summary: { failedInAll: 0 } })
    const [first] = listed(home)
    for (const path of ['Best.zip', 'Forum.zip', 'Family.zip', 'Travel/Rome.zip'])
      expect(await archiveContents(join(home.output, path))).toEqual([first])
  })

  test('an album called like the archive of another gives way to it', async () => {
    const world = new World()
    for (const name of ['Rome.ZIP', 'Rome']) world.addImage(world.addAlbum({ name }), { fileName: `in ${name}.jpg` })
    await using home = await accountAtHome(world)
    const { summary } = await home.run([zip, folder])
    expect(summary).toMatchObject({ failedInAll: 0, notices: [] })
    expect((await readdir(home.output)).sort()).toEqual([
      '.smugdl',
      'Rome',
      expect.stringMatching(/^Rome\.ZIP \[\w+\]$/),
      expect.stringMatching(/^Rome\.ZIP \[\w+\]\.zip$/),
      'Rome.zip',
    ])
  })
})

describe("the user's", () => {
  test('archive that was changed is never overwritten: ours is beside it, and nothing is downloaded', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const theirs = await withNote(home.archive)
    for (const full of [false, true]) {
      const { downloads, summary } = await home.run([zip], { full })
      expect({ downloads, failed: summary?.failedInAll }).toEqual({ downloads: 0, failed: 0 })
      expect(await readFile(home.archive)).toEqual(theirs)
      expect(await archiveContents(join(home.output, 'Travel/Rome [smugdl].zip'))).toEqual(listed(home))
    }
    expect(
      new Set(look(home, ({ deliveries }) => [...deliveries.of('zip')].map(({ delivery }) => delivery?.path))),
    ).toEqual(new Set(['Travel/Rome [smugdl].zip']))
    home.smugmug.world.addImage(home.album, { fileName: 'c.jpg' })
    expect(await home.run([zip])).toMatchObject({ downloads: 1, summary: { failedInAll: 0 } })
    expect(await archiveContents(join(home.output, 'Travel/Rome [smugdl].zip'))).toEqual(listed(home))
    expect((await readdir(join(home.output, 'Travel'))).length).toBe(2)
  })

  test("archive that was changed is the user's from then on: nothing is wrong with ours beside it", async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    await appendFile(home.archive, 'x')
    const theirs = await readFile(home.archive)
    expect(await home.run([zip])).toMatchObject({ summary: { failedInAll: 0 } })
    const written = () => look(home, ({ state }) => [...state.all('zip:files')].map(([path]) => path))
    expect(written()).toEqual(['Travel/Rome [smugdl].zip'])
    expect(await home.run([zip], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
    expect(written()).toEqual(['Travel/Rome [smugdl].zip'])
    expect(await readFile(home.archive)).toEqual(theirs)
  })

  test('changed archive is no proof of what did not get into ours beside it', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    const [a] = home.images
    await home.run([zip])
    await writeFile(home.archive, 'mine')
    if (a !== undefined) a.rights = 'none'
    expect(await home.run([zip], { full: true })).toMatchObject({ summary: { failedInAll: 1 } })
    expect((await archiveContents(join(home.output, 'Travel/Rome [smugdl].zip'))).map(([name]) => name)).toEqual([
      'b.jpg',
    ])
    for (const depth of ['quick', 'full'] as const)
      expect(await inspections(zip, home, depth)).toEqual({ 'a.jpg': 'missing', 'b.jpg': 'ok' })
    if (a !== undefined) a.rights = 'original'
    await home.run([zip], { full: true })
    expect(await archiveContents(join(home.output, 'Travel/Rome [smugdl].zip'))).toEqual(listed(home))
  })

  test('changed archive is let go of by the next look at a home that still had it on record', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const onRecord = look(home, ({ state }) => state.get('zip:files', 'Travel/Rome.zip'))
    await appendFile(home.archive, 'x')
    await home.run([zip])
    look(home, ({ state }) => state.set('zip:files', 'Travel/Rome.zip', onRecord))
    await home.run([zip], { full: true })
    expect(look(home, ({ state }) => state.get('zip:files', 'Travel/Rome.zip'))).toBeUndefined()
  })

  test('copy of an archive, with another time, is taken as it is', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    await utimes(home.archive, 1, 1)
    const { ino } = await lstat(home.archive)
    for (let run = 0; run < 2; run++)
      expect(await home.run([zip])).toMatchObject({ downloads: 0, summary: { exporters: { zip: { unchanged: 2 } } } })
    expect(await lstat(home.archive)).toMatchObject({ ino, mtimeMs: 1000 })
  })

  test('removal of an archive brings it back', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    await rm(home.archive)
    expect(await home.run([zip])).toMatchObject({ downloads: 2, summary: { failedInAll: 0 } })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
  })
})

describe('interrupted', () => {
  test('after any picture, nothing that came is downloaded again', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']
    for (let stopAfter = 1; stopAfter <= names.length; stopAfter++) {
      await using home = await rome(...names)
      let fetched = 0
      const first = await home.run([zip, folder], {
        concurrency: 1,
        onEvent({ type }, stop) {
          if (type === 'image.fetched' && ++fetched === stopAfter) stop.abort()
        },
      })
      expect(first.error).toMatchObject({ kind: 'cancelled' })
      const second = await home.run([zip, folder])
      expect(second.summary?.failedInAll).toBe(0)
      expect([...first.events, ...second.events].filter(({ type }) => type === 'image.fetched').length).toBe(
        names.length,
      )
      expect(await archiveContents(home.archive)).toEqual(listed(home))
      expect(await staged(home)).toEqual([])
    }
  })

  test('between the last picture and the record of it, the same archive comes about again', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const before = await readFile(home.archive)
    // What a kill right after the rename leaves: the archive is there, and the catalog does not know yet.
    look(home, ({ deliveries, state }) => {
      for (const row of [...deliveries.of('zip')]) deliveries.put({ ...row, pending: true })
      const proof = state.get('zip:files', 'Travel/Rome.zip')
      state.set('zip:announced', 'Travel/Rome.zip', proof)
      state.set('zip:files', 'Travel/Rome.zip', undefined)
      state.set('zip', home.album.key, undefined)
    })
    expect(await home.run([zip], { full: true })).toMatchObject({ summary: { failedInAll: 0, notices: [] } })
    expect((await readFile(home.archive)).equals(before)).toBe(true)
    expect(await readdir(join(home.output, 'Travel'))).toEqual(['Rome.zip'])
  })

  test('between the two steps of a move, the archive is found in its new place', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    home.smugmug.world.rename(home.album, 'Roma')
    look(home, ({ state }) => {
      const proof = state.get('zip:files', 'Travel/Rome.zip')
      state.set('zip:announced', 'Travel/Roma.zip', {
        ...Object(proof),
        path: 'Travel/Roma.zip',
        from: 'Travel/Rome.zip',
      })
      state.set('zip', home.album.key, ['Travel/Rome.zip', 'Travel/Roma.zip'])
    })
    await rename(home.archive, join(home.output, 'Travel/Roma.zip'))
    expect(await home.run([zip], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
    expect(await archiveContents(join(home.output, 'Travel/Roma.zip'))).toEqual(listed(home))
    expect(await readdir(join(home.output, 'Travel'))).toEqual(['Roma.zip'])
  })

  test('by a failure that the user can mend, the pictures wait for the next run', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    for (const name of ['Rome.zip', 'Rome [smugdl].zip'])
      await mkdir(join(home.output, 'Travel', name), { recursive: true })
    const { summary, downloads } = await home.run([zip])
    expect({ downloads, summary }).toMatchObject({ downloads: 2, summary: { exporters: { zip: { failed: 2 } } } })
    await rm(join(home.output, 'Travel/Rome.zip'), { recursive: true })
    expect(await home.run([zip])).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
    expect(await staged(home)).toEqual([])
  })
})

describe('an archive is proven', () => {
  test('before it gets its name: other bytes than were delivered do not get there', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    const vandal = defineExporter({
      name: 'vandal',
      apiVersion: 1,
      create: () => ({ deliver: (_image, file) => writeFile(file.path, 'something else') }),
    })
    const { summary } = await home.run([zip, vandal])
    expect(summary?.failed.map(({ exporter, reason }) => [exporter, reason])).toContainEqual([
      'zip',
      expect.stringContaining('has other bytes in the archive than went in'),
    ])
    expect(await readdir(home.output)).not.toContain('Travel')
    expect(await home.run([zip])).toMatchObject({ summary: { failedInAll: 0 } })
    expect(await archiveContents(home.archive)).toEqual(listed(home))
  })

  test('when it takes from an older one that is damaged: it stays as it is, and the damage is named', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    await utimes(home.archive, 1, 1)
    await home.run([zip])
    const bytes = await readFile(home.archive)
    bytes.writeUInt8(bytes.readUInt8(100) ^ 255, 100)
    await writeFile(home.archive, bytes)
    await utimes(home.archive, 1, 1)
    home.smugmug.world.addImage(home.album, { fileName: 'c.jpg' })
    const { summary } = await home.run([zip])
    expect(summary?.failed.map(({ reason }) => reason).join()).toContain('"a.jpg" is damaged in the archive')
    expect((await readFile(home.archive)).equals(bytes)).toBe(true)
  })
})

describe('a damaged archive', () => {
  /** Turns over a byte in the first entry, and leaves size and time. */
  async function damage({ archive }: { archive: string }): Promise<void> {
    const bytes = await readFile(archive)
    bytes.writeUInt8(bytes.readUInt8(100) ^ 255, 100)
    await writeFile(archive, bytes)
    await utimes(archive, 1, 1)
  }

  test('is found by reading it once, and only what is broken in it counts', async () => {
    await using home = await rome('a.jpg', 'b.jpg', 'c.jpg')
    await home.run([zip])
    await utimes(home.archive, 1, 1)
    await home.run([zip])
    await damage(home)
    let reads = 0
    const counted = observed(zip, (context) => ({
      ...context,
      inspect(delivery, depth) {
        if (depth === 'full') reads += 1
        return context.inspect(delivery, depth)
      },
    }))
    const states = await inspections(counted, home, 'full')
    expect({ states, reads }).toEqual({ states: { 'a.jpg': 'damaged', 'b.jpg': 'ok', 'c.jpg': 'ok' }, reads: 1 })
    expect(new Set(Object.values(await inspections(zip, home, 'quick')))).toEqual(new Set(['ok']))
  })
})

describe('remove', () => {
  test('takes an image out of its archive, and the archive away with the last', async () => {
    await using home = await rome('a.jpg', 'b.jpg')
    await home.run([zip])
    const [first, second] = listed(home)
    const removing = (entry?: string): Exporter => ({
      ...zip,
      async create(context) {
        const hooks = await zip.create(context)
        const delivery = { path: 'Travel/Rome.zip', entry: entry ?? '', album: home.album.key }
        return {
          ...hooks,
          async finish(counts) {
            await hooks.remove?.(delivery)
            await hooks.finish?.(counts)
          },
        }
      },
    })
    const [a, b] = home.images
    if (a !== undefined) home.smugmug.world.removeImage(a)
    for (let time = 0; time < 2; time++) {
      await home.run([removing(first?.[0])])
      expect(await archiveContents(home.archive)).toEqual([second])
    }
    expect(await trash(home)).toEqual(['Travel', 'Travel/Rome [removed].zip'])
    if (b !== undefined) home.smugmug.world.removeImage(b)
    await home.run([removing(second?.[0])])
    expect(await readdir(home.output)).toEqual(['.smugdl'])
    expect(await trash(home)).toEqual(['Travel', 'Travel/Rome [removed].zip', 'Travel/Rome.zip'])
  })
})

/** What is in the trash of today. */
async function trash({ output }: AtHome): Promise<string[]> {
  const folder = join(output, '.smugdl/trash')
  const [day = ''] = await readdir(folder)
  return (await readdir(join(folder, day), { recursive: true })).sort()
}

/** What an exporter says of all that it delivered, by entry. */
async function inspections(exporter: Exporter, home: AtHome, depth: InspectDepth) {
  using catalog = home.openCatalog()
  const signal = new AbortController().signal
  const parts = { catalog, now: Date.now, signal, notice() {} }
  const [driver] = await offlineDrivers([installed(exporter)], home.planOf([exporter]), parts)
  const found: Record<string, Inspection | 'unproven'> = {}
  for (const { delivery } of catalog.deliveries.of(exporter.name))
    if (delivery !== undefined && driver !== undefined)
      found[String(delivery.entry)] = await driver.inspect(delivery, depth)
  return found
}

function observed(exporter: Exporter, wrap: (context: ExporterContext) => ExporterContext): Exporter {
  return { ...exporter, create: (context) => exporter.create(wrap(context)) }
}
