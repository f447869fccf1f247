import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import { describe, expect, it } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import manifest from '../../../plugins/manifest/index.ts'
import zip from '../../../plugins/zip/index.ts'
import { openFoundFiles } from '../../../src/catalog/adopt-index.ts'
import { type AdoptEvent, type AdoptPlan, type AdoptSummary, adopt } from '../../../src/engine/adopt/adopt.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { readAll } from '../../../src/simulator/content.ts'
import { originalOf, transcodeOf } from '../../../src/simulator/files.ts'
import { type Album, foldersAbove, type Image, World } from '../../../src/simulator/world.ts'
import { connect } from '../../../src/smugmug/connect.ts'
import { difference, readHome } from '../../e2e/home.ts'
import { installed } from '../../installed.ts'
import { Backup } from './backup.ts'

type Adopted = AdoptSummary & { unmatchedFiles: string[]; unreadableFiles: string[]; read: string[] }

/** One `smugdl adopt` of a folder, which stays as a killed one would leave it when `stopAfter` files were read. */
async function adopted(
  backup: Backup,
  folder: string,
  plan: Partial<AdoptPlan> & { stopAfter?: number; onEvent?(event: AdoptEvent): void } = {},
): Promise<Adopted> {
  const { signal } = new AbortController()
  const draining = new AbortController()
  const { origin, credentials } = backup.smugmug
  await using smugmug = connect({ origin, credentials, userAgent: 'smugdl/test', signal, onEvent() {} })
  using catalog = backup.catalog()
  using found = openFoundFiles(join(backup.output, '.smugdl', 'adopt.sqlite'))
  const events: AdoptEvent[] = []
  const { stopAfter = Number.POSITIVE_INFINITY, onEvent = () => {}, ...rest } = plan
  const summary = await adopt(
    { ...backup.plan(), folder, transfer: 'copy', readers: 2, ...rest },
    {
      smugmug,
      catalog,
      found,
      exporters: backup.exporters.map(installed),
      now: () => backup.now,
      draining: draining.signal,
      signal,
      emit(event) {
        events.push(event)
        onEvent(event)
        if (events.filter(({ type }) => type === 'adopt.read').length >= stopAfter) draining.abort()
      },
    },
  )
  const pathsOf = (wanted: AdoptEvent['type']) =>
    events.flatMap((event) =>
      event.type === wanted && 'path' in event ? [String(event.path).slice(folder.length + 1)] : [],
    )
  return {
    ...summary,
    unmatchedFiles: pathsOf('adopt.unmatched'),
    unreadableFiles: pathsOf('adopt.unreadable'),
    read: pathsOf('adopt.read'),
  }
}

const counts = ({ matched, unmatched, unreadable, inPlace, placed, known, left }: AdoptSummary) => ({
  matched,
  unmatched,
  unreadable,
  inPlace,
  placed,
  known,
  left,
})

/** Two folders deep, two albums of one name, two pictures of one name, a picture in two albums, a video. */
function account() {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel Notes' })
  const north = world.addFolder({ name: 'North', in: travel })
  const oslo = world.addAlbum({ name: 'Oslo 2024', in: north })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  const home = world.addAlbum({ name: 'Rome' })
  for (const album of [oslo, rome, home])
    for (const name of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName: name, size: 3000 })
  const twin = world.addImage(oslo, { fileName: 'a.jpg', size: 3000 })
  const shared = world.addImage(home, { fileName: 'shared.jpg', size: 3000 })
  world.collect(shared, rome)
  const video = world.addVideo(rome, { fileName: 'film.MOV' })
  return { world, albums: [oslo, rome, home], oslo, rome, home, twin, shared, video }
}

const original = (image: Image) => readAll(originalOf(image).content)
const transcode = (image: Image) =>
  image.video === undefined ? Buffer.of() : readAll(transcodeOf(image.video).content)
const best = (image: Image) => (image.isVideo ? transcode(image) : original(image))

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

/** Every picture of the account under `folder`, where `pathOf` says. Of two with one path the last stays, as with most tools. */
async function layOut(
  folder: string,
  albums: readonly Album[],
  pathOf: (image: Image, album: Album) => string,
): Promise<void> {
  for (const album of albums)
    for (const image of album.images) await put(join(folder, pathOf(image, album)), best(image))
}

const urlPath = (album: Album) => [...foldersAbove(album), album].map(({ urlName }) => urlName).join('/')

/** How other tools lay their backups out; what of it they lose is theirs. */
const tools: Record<string, { pathOf: (image: Image, album: Album) => string; loses: number }> = {
  'smugmug-backup': { pathOf: (image, album) => join(urlPath(album), image.fileName), loses: 1 },
  // By the album's name alone: two albums of one name are one folder.
  'the reference script': { pathOf: (image, album) => join(album.name, image.fileName), loses: 3 },
  'gallery-dl': {
    pathOf: (image, album) => join('smugmug', 'janedoe', album.name, `smugmug_janedoe_${image.key}.jpg`),
    loses: 0,
  },
  'a user, without any order': { pathOf: ({ key }, album) => `${album.key}-${key}`, loses: 0 },
}

describe('adopt', () => {
  for (const [tool, { pathOf, loses }] of Object.entries(tools)) {
    it(`takes over a backup made by ${tool}, and the next run downloads only the rest`, async () => {
      const { world, albums } = account()
      await using backup = await Backup.of(world)
      const folder = `${backup.output}-old`
      await layOut(folder, albums, pathOf)
      await put(join(folder, 'README.txt'), 'mine')
      const summary = await adopted(backup, folder)
      expect(summary).toMatchObject({
        images: 10,
        placed: 10 - loses,
        left: loses,
        inPlace: 0,
        known: 0,
        unmatched: 1,
        unreadable: 0,
      })
      expect(summary.unmatchedFiles).toEqual(['README.txt'])
      expect(backup.downloads).toBe(0)

      expect((await backup.run()).exporters.folder).toMatchObject({ unchanged: 10 - loses, new: loses, failed: 0 })
      expect(backup.downloads).toBe(loses)
      // The same names, bytes and times as a download gives.
      await using fresh = await Backup.of(world)
      await fresh.run()
      const plain = async (of: Backup) =>
        [...(await of.files())].map(([path, { md5, mtimeMs }]) => [path, md5, mtimeMs])
      expect(await plain(backup)).toEqual(await plain(fresh))
    })
  }

  it('takes pictures out of ZIP archives, as SmugMug makes them, and says what it cannot read of one', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-zips`
    for (const [index, album] of albums.entries()) {
      await put(join(folder, `${album.key}.ZIP`), await zipOf(album, { deflate: index === 1 }))
    }
    const whole = await readFile(join(folder, `${albums[0]?.key}.ZIP`))
    await put(join(folder, 'cut.zip'), whole.subarray(0, whole.length - 100))
    await put(join(folder, 'letter.zip'), await zipped({ 'letter.txt': Buffer.from('mine'), 'sub/': Buffer.of() }))
    const before = await treeOf(folder)

    const summary = await adopted(backup, folder)
    expect(counts(summary)).toEqual({
      matched: 10,
      unmatched: 1,
      unreadable: 1,
      inPlace: 0,
      placed: 10,
      known: 0,
      left: 0,
    })
    expect(summary.unmatchedFiles).toEqual(['letter.zip: letter.txt'])
    expect(summary.unreadableFiles).toEqual(['cut.zip'])
    expect(await treeOf(folder)).toEqual(before)
    await expectAllAtHome(backup)
  })

  it.each([
    ['leads out of the archive', (bytes: Buffer) => renamed(bytes, '../'), undefined],
    ['begins at the root', (bytes: Buffer) => renamed(bytes, '/a/'), undefined],
    ['names a drive', (bytes: Buffer) => renamed(bytes, 'c:\\'), undefined],
    ['is encrypted', encrypted, 'odd.zip: xxx-odd.jpg'],
    ['is an archive itself', (bytes: Buffer) => renamed(bytes, 'xxx', '.zip'), 'odd.zip: xxx-odd.zip'],
    ['claims to be longer than it is packed', overgrown, 'odd.zip: xxx-odd.jpg'],
  ])('an entry that %s costs no other entry of its archive', async (_, make, unreadable) => {
    const { world, oslo } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-zips`
    const [odd, ...rest] = oslo.images.map(best)
    const entries = Object.fromEntries(rest.map((bytes, index) => [`${index}.jpg`, bytes]))
    await put(join(folder, 'odd.zip'), make(await zipped({ 'xxx-odd.jpg': odd ?? Buffer.of(), ...entries })))
    const summary = await adopted(backup, folder)
    expect(summary.unreadableFiles).toEqual(unreadable === undefined ? [] : [unreadable])
    expect(summary).toMatchObject({
      matched: unreadable === undefined ? 3 : 2,
      placed: unreadable === undefined ? 3 : 2,
    })
  })

  it('reads an archive with other bytes before and behind it, as unzip does', async () => {
    const { world, oslo } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-zips`
    const bytes = await zipOf(oslo, { deflate: true })
    await put(
      join(folder, 'around.zip'),
      Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes, Buffer.alloc(70_000, 'PK')]),
    )
    expect(await adopted(backup, folder)).toMatchObject({ matched: 3, placed: 3, unreadable: 0 })
  })

  it('does not read the same bytes for one entry after the other', async () => {
    const { world } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-zips`
    const one = Buffer.alloc(100_000, 'x')
    const bytes = await zipped({ 'a.jpg': one, 'b.jpg': one, 'c.jpg': one })
    const first = bytes.indexOf(centralMark)
    // Every entry is said to be where the first one is, and the others' bytes are taken out.
    const directory = bytes.subarray(first)
    for (let at = 0; at >= 0; at = directory.indexOf(centralMark, at + 1)) directory.writeUInt32LE(0, at + 42)
    const kept = bytes.indexOf('PK\x03\x04', 4, 'latin1')
    directory.writeUInt32LE(kept, directory.length - 6)
    await put(join(folder, 'overlap.zip'), Buffer.concat([bytes.subarray(0, kept), directory]))
    const summary = await adopted(backup, folder)
    expect(summary.unreadableFiles).toEqual(['overlap.zip: b.jpg', 'overlap.zip: c.jpg'])
  })

  it('takes an entry for what its bytes are: a damaged one matches nothing', async () => {
    const { world, oslo } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-zips`
    const bytes = await zipOf(oslo, { deflate: false })
    bytes.writeUInt8(bytes.readUInt8(1500) ^ 1, 1500)
    await put(join(folder, 'oslo.zip'), bytes)
    expect(counts(await adopted(backup, folder))).toMatchObject({ matched: 2, unmatched: 1, placed: 2 })
    expect(await backup.run()).toMatchObject({ failedInAll: 0 })
    await expectAllAtHome(backup)
  })

  it('finds what was renamed, and never takes a file for what its name says', async () => {
    const { world, oslo, rome, twin, video } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    const [a, b] = oslo.images
    if (a === undefined || b === undefined) throw new Error('no pictures')
    await put(join(folder, 'Oslo 2024', 'a.jpg'), original(b))
    await put(join(folder, 'Oslo 2024', 'b.jpg'), original(twin))
    await put(join(folder, 'Oslo 2024', 'c.bak'), original(a))
    // The upload, of which SmugMug keeps a conversion only; a picture that somebody edited; one that was cut short.
    await put(join(folder, 'Rome', 'film.MOV'), original(video))
    await put(join(folder, 'Rome', 'a.jpg'), Buffer.concat([original(rome.images[0] ?? a), Buffer.from('edited')]))
    await put(join(folder, 'Rome', 'b.jpg'), original(rome.images[1] ?? a).subarray(0, 2000))
    const summary = await adopted(backup, folder)
    expect(summary.unmatchedFiles).toEqual(['Rome/a.jpg', 'Rome/b.jpg', 'Rome/film.MOV'])
    expect(counts(summary)).toMatchObject({ matched: 3, placed: 3, left: 7 })
    await backup.run()
    expect(backup.downloads).toBe(6) // `shared` comes once
    await expectAllAtHome(backup)
  })

  it('says how many images cannot be recognised at all: SmugMug provides no MD5 of them', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    const told = world.addImage(album, { sizeGiven: false })
    const image = world.addImage(album, { md5: 'absent' })
    const stuck = world.addVideo(album, { processing: true })
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    for (const each of [told, image]) await put(join(folder, each.fileName), original(each))
    const summary = await adopted(backup, folder)
    expect(counts(summary)).toMatchObject({ matched: 1, unmatched: 1, placed: 1, left: 2 })
    expect(summary).toMatchObject({ withoutMd5: 2, leftBytes: original(image).length })
    // What cannot be had is for the next run to tell.
    expect(summary.run.failedInAll).toBe(0)
    expect((await backup.run()).failed.map(({ imageKey }) => imageKey)).toEqual([stuck.key])
  })

  it('rebuilds a lost catalog where the pictures are, without copying one', async () => {
    const { world } = account()
    await using backup = await Backup.of(world)
    await backup.run()
    const before = await backup.files()
    const verifiedAt = backup.now
    await rm(join(backup.output, '.smugdl'), { recursive: true })
    const downloads = backup.downloads
    expect(counts(await adopted(backup, backup.output))).toEqual({
      matched: 10,
      unmatched: 0,
      unreadable: 0,
      inPlace: 10,
      placed: 0,
      known: 0,
      left: 0,
    })
    // Inode and time too.
    expect(await backup.files()).toEqual(before)
    expect(await backup.verify()).toMatchObject({ ok: 10, missing: 0, damaged: 0, changed: 0, unknown: 0 })
    const { exporters, albums } = await backup.run()
    expect([exporters.folder?.unchanged, albums.trusted, backup.downloads]).toEqual([10, 3, downloads])
    using catalog = backup.catalog()
    for (const row of catalog.deliveries.of('folder')) expect(row.verifiedAt).toBeGreaterThanOrEqual(verifiedAt)
  })

  it('in the output itself leaves names as they were given, though another picture of the name came later, or went', async () => {
    const world = new World()
    const rome = world.addAlbum({ name: 'Rome' })
    const early = ['a.jpg', 'b.jpg', 'b.jpg'].map((fileName) => world.addImage(rome, { fileName, caption: 'Early' }))
    await using backup = await Backup.of(world)
    backup.options = { sidecar: 'xmp', albumFile: 'none' }
    await backup.run()
    world.addImage(rome, { fileName: 'a.jpg', caption: 'Late' })
    await backup.run()
    const [, gone] = early
    if (gone === undefined) throw new Error('three pictures')
    world.removeImage(gone)
    await backup.run({ mirror: { files: 1 } })
    const before = await backup.files({ descriptions: true })
    expect(before.size).toBe(6)
    await rm(join(backup.output, '.smugdl'), { recursive: true })
    const { downloads } = backup
    expect(counts(await adopted(backup, backup.output))).toMatchObject({ inPlace: 3, placed: 0, left: 0 })
    await backup.run()
    expect(await backup.files({ descriptions: true })).toEqual(before)
    expect(backup.downloads).toBe(downloads)
    expect(await backup.verify()).toMatchObject({ findings: [], unknown: 0 })
  })

  it('in the output itself leaves what stands elsewhere, and copies it, or moves it when that is asked for', async () => {
    for (const transfer of ['copy', 'move'] as const) {
      const { world, oslo } = account()
      await using backup = await Backup.of(world)
      await backup.run()
      await rm(join(backup.output, '.smugdl'), { recursive: true })
      await mkdir(backup.at('sorted/by me'), { recursive: true })
      await rename(backup.at('Rome/a.jpg'), backup.at('sorted/by me/1.jpg'))
      await rename(backup.at('Rome/b.jpg'), backup.at('sorted/by me/2.jpg'))
      await backup.write('sorted/list.txt', 'mine')
      const { ino } = await stat(backup.at('sorted/by me/1.jpg'))
      const summary = await adopted(backup, backup.output, { transfer })
      expect(counts(summary)).toMatchObject({ matched: 10, inPlace: 8, placed: 2, left: 0 })
      await expectAllAtHome(backup)
      expect(existsSync(backup.at('sorted/by me'))).toBe(transfer === 'copy')
      expect((await stat(backup.at('Rome/a.jpg'))).ino === ino).toBe(transfer === 'move')
      expect(await readFile(backup.at('sorted/list.txt'), 'utf8')).toBe('mine')
      expect(world.albums.get(oslo.key)?.images.length).toBe(3)
    }
  })

  it('never overwrites: what stands in the way stays, ours goes beside it', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, ({ key }) => key)
    await put(backup.at('Rome/a.jpg'), 'mine')
    const { placed, run } = await adopted(backup, folder)
    expect(placed).toBe(10)
    expect(run.notices.join()).toContain('"Rome/a.jpg" holds something else')
    expect(await readFile(backup.at('Rome/a.jpg'), 'utf8')).toBe('mine')
    // Found again beside, when the catalog is lost.
    await rm(join(backup.output, '.smugdl'), { recursive: true })
    expect(counts(await adopted(backup, backup.output))).toMatchObject({ inPlace: 10, placed: 0, unmatched: 1 })
  })

  it('copies by default: what is done to the old backup later does not touch home', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, (image, album) => join(album.key, image.key))
    const before = await treeOf(folder)
    await adopted(backup, folder)
    expect(await treeOf(folder)).toEqual(before)
    const inodes = new Set(before.map(([, , inode]) => inode))
    for (const { inode } of (await backup.files()).values()) expect(inodes.has(inode)).toBe(false)
  })

  it('links when that is asked for: no byte twice on the disk, and the file keeps its time', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, (image) => image.key)
    const before = await treeOf(folder)
    expect(counts(await adopted(backup, folder, { transfer: 'link' }))).toMatchObject({ matched: 9, placed: 10 })
    expect(await treeOf(folder)).toEqual(before)
    const inodes = new Set(before.map(([, , inode]) => inode))
    for (const { inode } of (await backup.files()).values()) expect(inodes.has(inode)).toBe(true)
    expect((await backup.run()).exporters.folder).toMatchObject({ unchanged: 10 })
  })

  it('moves when that is asked for: the old backup keeps what matches nothing, and no empty folders', async () => {
    const { world, albums, shared } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, (image, album) => join('deep', album.key, image.key))
    await put(join(folder, 'deep', 'notes.txt'), 'mine')
    await mkdir(join(folder, 'was empty'))
    expect(counts(await adopted(backup, folder, { transfer: 'move' }))).toMatchObject({ matched: 10, placed: 10 })
    expect((await treeOf(folder)).map(([path]) => path)).toEqual(['deep/notes.txt', 'was empty/'])
    await expectAllAtHome(backup)
    expect(shared.albums.length).toBe(2)
    const inodes = [...(await backup.files()).values()].map(({ inode }) => inode)
    expect(new Set(inodes).size).toBe(10)
  })

  it('moves one file into two albums: a picture in each, of its own', async () => {
    const { world, shared } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await put(join(folder, 'x'), original(shared))
    const summary = await adopted(backup, folder, { transfer: 'move' })
    expect(counts(summary)).toMatchObject({ placed: 2 })
    expect(await treeOf(folder)).toEqual([])
    const files = await backup.files()
    expect([...files.keys()]).toEqual(['Rome/shared.jpg', 'Travel Notes/Rome/shared.jpg'])
    expect(new Set([...files.values()].map(({ md5 }) => md5)).size).toBe(1)
    expect(new Set([...files.values()].map(({ inode }) => inode)).size).toBe(2)
  })

  it('takes no picture from one album for another, in whatever order their turns come', async () => {
    for (const missing of ['Rome/shared.jpg', 'Travel Notes/Rome/shared.jpg']) {
      const { world } = account()
      await using backup = await Backup.of(world)
      await backup.run()
      await rm(join(backup.output, '.smugdl'), { recursive: true })
      await rm(backup.at(missing))
      expect(counts(await adopted(backup, backup.output, { transfer: 'move' }))).toMatchObject({ matched: 9, left: 0 })
      expect(await backup.verify()).toMatchObject({ ok: 10, missing: 0 })
      const inodes = [...(await backup.files()).values()].map(({ inode }) => inode)
      expect(new Set(inodes).size).toBe(10)
    }
  })

  it('goes on where it was interrupted, and reads again only what is new or changed', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, (image, album) => `${album.key}-${image.key}`)
    await put(join(folder, 'all.zip'), await zipOf(albums[0], { deflate: true }))
    await expect(adopted(backup, folder, { stopAfter: 5, readers: 1 })).rejects.toMatchObject({ kind: 'cancelled' })
    const [first = ''] = (await treeOf(folder)).map(([path]) => path)
    const before = backup.now
    backup.now += 60_000
    await utimes(join(folder, first), 1, 1)
    await put(join(folder, 'new.jpg'), 'new')
    const summary = await adopted(backup, folder)
    expect(summary.read.length).toBe(11 - 5 + 2)
    expect(counts(summary)).toMatchObject({ placed: 10, unmatched: 1, left: 0 })
    // What was read before the interruption was not read since.
    using catalog = backup.catalog()
    const read = [...catalog.deliveries.of('folder')].map(({ verifiedAt }) => verifiedAt)
    expect(read.filter((at) => at === before).length).toBeGreaterThanOrEqual(3)
    expect(read.filter((at) => at === backup.now).length).toBeGreaterThanOrEqual(5)
  })

  it('adopts again without doing anything again', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(folder, albums, (image, album) => `${album.key}-${image.key}`)
    await adopted(backup, folder)
    const before = await backup.files()
    expect(counts(await adopted(backup, folder))).toMatchObject({ matched: 10, unmatched: 0, placed: 0, known: 10 })
    expect(await backup.files()).toEqual(before)
  })

  it('refuses exporters that keep no pictures', async () => {
    await using backup = await Backup.of(account().world)
    backup.exporters = [manifest as Exporter]
    await mkdir(`${backup.output}-old`)
    await expect(adopted(backup, `${backup.output}-old`)).rejects.toMatchObject({ kind: 'usage' })
  })

  it('follows no links and looks into no .smugdl', async () => {
    const { world, albums, shared } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    await layOut(join(folder, '.smugdl', 'trash'), albums, ({ key }) => key)
    await put(`${backup.output}-elsewhere/x`, original(shared))
    await symlink(`${backup.output}-elsewhere`, join(folder, 'folder'))
    await symlink(`${backup.output}-elsewhere/x`, join(folder, 'file'))
    expect(counts(await adopted(backup, folder))).toMatchObject({ matched: 0, unmatched: 0, unreadable: 0, placed: 0 })
  })

  it('takes another file with the same bytes when the first is no longer what it was', async () => {
    const { world, shared } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    for (const name of ['1', '2']) await put(join(folder, name), original(shared))
    const onEvent = (event: AdoptEvent) => {
      if (event.type === 'adopt.read' && event.path.endsWith('2')) writeFileSync(join(folder, '1'), 'edited meanwhile')
    }
    const summary = await adopted(backup, folder, { readers: 1, onEvent })
    expect([counts(summary), summary.run.failedInAll]).toMatchObject([{ placed: 2 }, 0])
  })

  it('compares every copy: a file that has other bytes by now, behind the same size and time, is not taken for a picture', async () => {
    const { world, shared } = account()
    await using backup = await Backup.of(world)
    const folder = `${backup.output}-old`
    const path = join(folder, 'x')
    await put(path, original(shared))
    const { size } = await stat(path)
    await utimes(path, 1000, 1000)
    const onEvent = (event: AdoptEvent) => {
      if (event.type !== 'adopt.read') return
      writeFileSync(path, Buffer.alloc(size))
      utimesSync(path, 1000, 1000)
    }
    const { placed, run } = await adopted(backup, folder, { onEvent })
    expect([placed, run.failedInAll]).toEqual([0, 2])
    expect(run.failed[0]?.reason).toContain('changed while it was copied')
    expect(await backup.paths()).toEqual([])
  })

  it('rebuilds a lost catalog of archives, too: each is found to be what it would be', async () => {
    const { world } = account()
    await using backup = await Backup.of(world)
    backup.exporters = [zip as Exporter, folder as Exporter]
    await backup.run()
    const before = await backup.files()
    expect(before.size).toBe(13)
    await rm(join(backup.output, '.smugdl'), { recursive: true })
    const downloads = backup.downloads
    expect(counts(await adopted(backup, backup.output))).toMatchObject({
      matched: 20,
      unmatched: 0,
      inPlace: 10,
      left: 0,
    })
    expect(await backup.files()).toEqual(before)
    expect(await backup.verify()).toMatchObject({ missing: 0, damaged: 0, changed: 0, unknown: 0 })
    expect((await backup.run()).exporters).toMatchObject({ zip: { unchanged: 10 }, folder: { unchanged: 10 } })
    expect(backup.downloads).toBe(downloads)
  })

  it('makes archives of an old backup, and takes none of its files away for that', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    backup.exporters = [zip as Exporter]
    const old = `${backup.output}-old`
    await layOut(old, albums, (image, album) => `${album.key}-${image.key}`)
    const before = await treeOf(old)
    expect(counts(await adopted(backup, old, { transfer: 'move' }))).toMatchObject({ placed: 10, left: 0 })
    expect(await treeOf(old)).toEqual(before)
    expect([...(await backup.files()).keys()].filter((path) => path.endsWith('.zip')).length).toBe(3)
    expect((await backup.run()).exporters.zip).toMatchObject({ unchanged: 10 })
    expect(backup.downloads).toBe(0)
  })

  it('names a file whose name is no text, and takes the others of its folder', async () => {
    const { world, shared } = account()
    await using backup = await Backup.of(world)
    const old = `${backup.output}-old`
    await put(join(old, 'z.jpg'), original(shared))
    await writeFile(Buffer.concat([Buffer.from(`${old}/a`), Buffer.of(0xff), Buffer.from('.jpg')]), original(shared))
    const summary = await adopted(backup, old)
    expect(counts(summary)).toMatchObject({ matched: 1, unreadable: 1, placed: 2 })
    expect(summary.unreadableFiles).toEqual(['a\ufffd.jpg'])
  })

  it('refuses an output that holds another account, before it reads a file', async () => {
    const { world, albums } = account()
    await using backup = await Backup.of(world)
    await backup.run()
    await using other = await Backup.of(new World({ nickName: 'johndoe', startsAt: 1 }))
    other.smugmug.world.root.id = 'other'
    const folder = `${backup.output}-old`
    await layOut(folder, albums, ({ key }) => key)
    const read: string[] = []
    const foreign = Object.assign(Object.create(Backup.prototype), backup, { smugmug: other.smugmug })
    const onEvent = (event: AdoptEvent) => void read.push(event.type)
    await expect(adopted(foreign, folder, { onEvent })).rejects.toMatchObject({
      kind: 'destination',
      what: expect.stringContaining('janedoe'),
    })
    expect(read).toEqual([])
  })
})

/** SmugMug's own archive of an album: flat, clashes get `-1`. */
function zipOf(album: Album | undefined, { deflate }: { deflate: boolean }): Promise<Buffer> {
  const entries: Record<string, Uint8Array> = {}
  for (const image of album?.images ?? []) {
    const name = image.fileName in entries ? image.fileName.replace('.', '-1.') : image.fileName
    entries[name] = best(image)
  }
  return zipped(entries, deflate)
}

async function zipped(entries: Record<string, Uint8Array>, deflate = false): Promise<Buffer> {
  const archive = new ZipArchive({ store: !deflate })
  for (const [name, bytes] of Object.entries(entries)) archive.append(Buffer.from(bytes), { name })
  const [bytes] = await Promise.all([buffer(archive), archive.finalize()])
  return bytes
}

const centralMark = Buffer.from('PK\x01\x02', 'latin1')

/** Its first entry is called `xxx-odd.jpg`: another beginning, and another end. */
function renamed(archive: Buffer, start: string, end = '.jpg'): Buffer {
  for (let at = archive.indexOf('xxx-odd.jpg'); at >= 0; at = archive.indexOf('xxx-odd.jpg', at)) {
    archive.write(start, at)
    archive.write(end, at + 7)
  }
  return archive
}

/** Its first entry is said to be. */
function encrypted(archive: Buffer): Buffer {
  const at = archive.indexOf(centralMark)
  archive.writeUInt16LE(archive.readUInt16LE(at + 8) | 1, at + 8)
  return archive
}

/** Its first entry says that it unpacks to 4 GB. */
function overgrown(archive: Buffer): Buffer {
  archive.writeUInt32LE(0xff_ff_ff_00, archive.indexOf(centralMark) + 24)
  return archive
}

/** Path, MD5, inode and time of every file, and empty folders. */
async function treeOf(folder: string): Promise<[path: string, md5?: string, inode?: number, mtimeMs?: number][]> {
  const found = [...(await readHome(folder))]
  return found.map(([path, file]) => (typeof file === 'object' ? [path, file.md5, file.inode, file.mtimeMs] : [path]))
}

async function expectAllAtHome(backup: Backup): Promise<void> {
  expect(difference(backup.smugmug.listing(), await backup.files()).missing).toEqual([])
}
