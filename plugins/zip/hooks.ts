import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  type Album,
  albumPaths,
  albumTemplate,
  type Delivery,
  type ExporterContext,
  exifClock,
  exifReach,
  fileIdOf,
  type Hooks,
  type Image,
  type Inspection,
  type OptionValues,
  pathTemplate,
  type Sidecar,
  sidecarsOf,
  uniqueNames,
  type VerifiedFile,
} from '../../src/exporter/index.ts'
import { type ArchivedImage, type Directory, type OpenArchive, openArchive } from './archive.ts'
import { entryDate } from './entry-date.ts'
import type { options } from './options.ts'
import { prove, unreadableIn } from './prove.ts'
import { type NewEntry, writeArchive } from './write-archive.ts'

/** The archives of a run. */
export function hooks(context: ExporterContext<OptionValues<typeof options>>): Hooks {
  const { keywords, sidecar } = context.options
  const deflate = context.options.compression === 'deflate'
  const archives = albumTemplate(context.options.path)
  const names = albumPaths(pathTemplate(context.options.entry), context)
  /** By path: the album whose archive it is in this run. */
  const claims = new Map<string, string>()
  const albums = new Map<string, Changes>()
  const inspected = new Map<string, Promise<State>>()
  /** Of the archives that were read from last, by their version. */
  const contents = new Map<string, Promise<Content>>()
  /** What goes from an album's archive when the run ends: once for all of it, as each time takes rewriting the archive. */
  const leaving = new Map<string, { path: string; entries: Set<string> }>()

  function changesOf({ key }: Album): Changes {
    const changes = albums.get(key) ?? { delivered: new Map(), failed: new Set() }
    albums.set(key, changes)
    return changes
  }

  /** Where an album's archive is, or may be when a run was killed while it was moved. */
  async function placesOf(albumKey: string, otherwise: string[]): Promise<readonly string[]> {
    const known = await context.state.get(albumKey)
    return Array.isArray(known) ? known : otherwise
  }

  /** The archive as we left it; undefined when there is none or when somebody else changed it. */
  async function placeOf(albumKey: string, otherwise: string[] = []): Promise<string | undefined> {
    for (const path of await placesOf(albumKey, otherwise))
      if ((await context.inspect({ path }, 'quick')) === 'ok') return path
    return undefined
  }

  /** Names from the output down, joined by `/`. Where a template gives two albums one path, the first keeps it, and the other's gets its key. */
  async function pathOf(album: Album): Promise<string> {
    const path = archives.pathOf({ album, account: { nickName: context.account } }, '.zip').join('/')
    const at = `archive at ${path.toLowerCase()}`
    const before = await context.state.get(at)
    const isThere = typeof before === 'string' && (await placesOf(before, [])).includes(path)
    const owner = claims.get(at) ?? (isThere ? before : album.key)
    if (owner !== album.key) return path.replace(/\.zip$/i, ` [${album.key}].zip`)
    claims.set(at, owner)
    if (before !== owner) await context.state.set(at, owner)
    return path
  }

  async function entryOf(image: Image, album: Album): Promise<string> {
    return (await names.of(image, album)).join('/')
  }

  /**
   * What is in the archive of a picture: its entry, its sidecars' and the CRCs of what these say, and the camera's clock in its file (empty
   * where it has none), which its sidecars depend on.
   */
  async function describedAs(image: Image, album: Album, clock: string) {
    const entry = await entryOf(image, album)
    const texts = textsOf(image, album, clock)
    const sidecars = texts.map(({ suffix }) => entry + suffix)
    const said = texts.map(({ text }) => crc32(text))
    return { entry, exif: clock, ...(texts.length > 0 && { sidecars, said }) }
  }

  function textsOf(image: Image, album: Album, clock: string): Sidecar[] {
    return sidecarsOf(image, { album, ...(clock !== '' && { clock }) }, { sidecar, keywords })
  }

  /** The archive that holds a picture, opened for the caller to close, and the picture's entry; undefined where none holds it. */
  async function opened({ album, path: otherwise, entry }: Delivery) {
    for (const path of await placesOf(String(album), [otherwise])) {
      if ((await context.inspect({ path }, 'quick')) === 'missing') continue
      const { directory, byName } = await contentOf(path)
      const image = byName.get(String(entry))
      if (image !== undefined) return { archive: await openArchive(join(context.output, path), directory), image }
    }
    return undefined
  }

  /** Of an archive that was made without sidecars the picture itself is looked into. */
  async function clockOf(delivery: Delivery): Promise<string> {
    if (typeof delivery.exif === 'string') return delivery.exif
    const found = await opened(delivery)
    if (found === undefined) return ''
    using archive = found.archive
    return exifClock(await headOf(archive, found.image)) ?? ''
  }

  /** Moves the archive with its album. It is found again even if this is killed in the middle. */
  async function moved(album: Album, from: string, to: string): Promise<string> {
    await context.state.set(album.key, [from, to])
    const { path } = await context.move({ path: from }, to.split('/'))
    await context.state.set(album.key, [path])
    return path
  }

  /** Writes an album's archive. */
  async function written(albumKey: string, wanted: string, entries: readonly NewEntry[]): Promise<string> {
    const { path } = await archive(wanted, entries)
    await context.state.set(albumKey, [path])
    return path
  }

  /** Writes an archive and proves it before it gets its name. */
  async function archive(path: string, entries: readonly NewEntry[]): Promise<Delivery> {
    const file = await context.createFile(path.split('/'))
    try {
      for await (const chunk of writeArchive(entries, { deflate })) {
        context.signal.throwIfAborted()
        await file.write(chunk)
      }
      await prove(file.path, entries)
    } catch (error) {
      await file.abort()
      throw error
    }
    return file.commit()
  }

  /** The directory of an archive, by name: read once, not once for every picture that is asked of it. */
  async function contentOf(path: string): Promise<Content> {
    const version = await versionOf(path)
    const known = contents.get(version) ?? readContent(path)
    contents.delete(version)
    contents.set(version, known)
    const [oldest] = contents.keys()
    if (contents.size > 16 && oldest !== undefined) contents.delete(oldest)
    return known
  }

  async function readContent(path: string): Promise<Content> {
    using archive = await openArchive(join(context.output, path))
    return { directory: archive.directory, byName: new Map(archive.images.map((image) => [image.name, image])) }
  }

  /** Whether a picture is in an archive, which need not be the one that it was put into; true where the archive cannot be read. */
  async function hasEntry(path: string, { entry, image }: Delivery): Promise<boolean> {
    const content = await contentOf(path).catch(() => undefined)
    if (content === undefined || content.byName.has(String(entry))) return true
    // A run that was killed may have renamed it.
    return content.byName.values().some(({ key, suffix }) => key === image && suffix === '')
  }

  async function versionOf(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(join(context.output, path))
    return `${path}\n${size}\n${mtimeMs}`
  }

  /** Every byte of an archive is read once, not once for every picture in it. */
  async function readWhole(path: string): Promise<State> {
    const version = await versionOf(path)
    const known = inspected.get(version) ?? stateOf(path)
    inspected.set(version, known)
    return known
  }

  /** Of a damaged archive only those entries are damaged that cannot be read; where all can, nobody knows which. */
  async function stateOf(path: string): Promise<State> {
    const whole = await context.inspect({ path }, 'full')
    const unreadable = whole === 'damaged' ? await unreadableIn(join(context.output, path)) : new Set()
    return (entry) => (unreadable.size > 0 && !unreadable.has(entry) ? 'ok' : whole)
  }

  return {
    beginAlbum(album) {
      albums.delete(album.key)
      names.forget(album)
    },
    pathOf: async (image, { album }) => `${await pathOf(album)}/${await entryOf(image, album)}`,
    async deliver(image, file, { album, clock = '' }) {
      const { path, sha256 } = file
      changesOf(album).delivered.set(fileIdOf(image), { path, sha256, clock })
      const described = await describedAs(image, album, clock)
      const place = { path: await pathOf(album), album: album.key, image: fileIdOf(image) }
      return { ...place, ...described, sha256, pending: true }
    },
    failed(image, _failure, { album }) {
      changesOf(album).failed.add(fileIdOf(image))
    },
    async relocate(delivery, image, { album }) {
      const path = await pathOf(album)
      const { sidecars: _, said: __, ...earlier } = delivery
      const described = await describedAs(image, album, await clockOf(delivery))
      const there = { ...earlier, ...described, path, image: fileIdOf(image) }
      return delivery.path === path && delivery.entry === described.entry ? there : { ...there, pending: true }
    },
    async endAlbum(album) {
      const changes = changesOf(album)
      albums.delete(album.key)
      const path = await pathOf(album)
      let place = await placeOf(album.key)
      using old = place === undefined ? undefined : await openArchive(join(context.output, place))
      const entries = await contentsOf(album, changes, old)
      if (entries === undefined) return
      if (place !== undefined && place !== path) place = await moved(album, place, path)
      if (place === undefined || !isSame(entries, old, deflate)) place = await written(album.key, path, entries)
      return { path: place }
    },
    async inspect(delivery, depth) {
      for (const path of await placesOf(String(delivery.album), [delivery.path])) {
        const quick = await context.inspect({ path }, 'quick')
        if (quick === 'missing') continue
        if (quick === 'ok' && !(await hasEntry(path, delivery))) return 'missing'
        return depth === 'quick' ? quick : (await readWhole(path))(String(delivery.entry))
      }
      return 'missing'
    },
    async *read(delivery) {
      const found = await opened(delivery)
      if (found === undefined) throw new Error(`There is no "${delivery.entry}" in ${delivery.path}`)
      using archive = found.archive
      yield* archive.read(found.image)
    },
    remove({ path, album, entry, sidecars }) {
      const entries = leaving.get(String(album))?.entries ?? new Set()
      for (const name of [entry, ...(Array.isArray(sidecars) ? sidecars : [])]) entries.add(String(name))
      leaving.set(String(album), { path, entries })
    },
    async finish() {
      for (const [albumKey, { path, entries }] of leaving) {
        const place = await placeOf(albumKey, [path])
        if (place !== undefined) await takeOut(entries, albumKey, place)
      }
      leaving.clear()
    },
  }

  /** Moves images from an archive to the trash, in one of their own; or the archive itself when it holds nothing else. */
  async function takeOut(entries: ReadonlySet<string>, albumKey: string, path: string): Promise<void> {
    using old = await openArchive(join(context.output, path))
    const left = old.images.filter(({ name }) => !entries.has(name))
    if (left.length === old.images.length) return
    if (left.length === 0) return context.discard({ path })
    const going = old.images.filter(({ name }) => entries.has(name))
    const copies = (images: typeof left) => images.map((image) => kept(image, old))
    await context.discard(await archive(path.replace(/\.zip$/, ' [removed].zip'), copies(going)))
    await written(albumKey, path, copies(left))
  }

  /**
   * What the archive is to hold: the album in its own order, each picture as it was delivered now or as the old archive has it; after
   * them what is no longer on SmugMug. Undefined when there is nothing to show of an album that is not empty.
   */
  async function contentsOf(
    album: Album,
    { delivered, failed }: Changes,
    old: OpenArchive | undefined,
  ): Promise<NewEntry[] | undefined> {
    const before = new Map(
      old?.images.filter(({ suffix }) => suffix === '').map((image) => [image.key, image] as const),
    )
    const sidecarsBefore = Map.groupBy(old?.images.filter(({ suffix }) => suffix !== '') ?? [], ({ key }) => key)
    const entries: NewEntry[] = []
    let listed = 0
    for await (const { image, returned } of context.images(album)) {
      listed += 1
      const key = fileIdOf(image)
      const name = await entryOf(image, album)
      const file = delivered.get(key)
      const archived = before.get(key)
      before.delete(key)
      sidecarsBefore.delete(key)
      if (file !== undefined)
        entries.push({
          key,
          name,
          date: entryDate(image),
          sha256: file.sha256,
          bytes: () => createReadStream(file.path),
        })
      else if (archived !== undefined && old !== undefined) {
        entries.push({ ...kept(archived, old), name, date: entryDate(image) })
        if (failed.has(key)) context.log.warn(`The archive of "${album.name}" keeps the "${name}" that it had`)
      } else continue
      const clock = file?.clock ?? (returned === undefined ? '' : await clockOf(returned))
      for (const { suffix, text } of textsOf(image, album, clock))
        entries.push(beside({ key, name, image, suffix, text }))
    }
    const taken = Map.groupBy(entries, ({ name }) => splitEntry(name)[0])
    for (const [folder, gone] of Map.groupBy(before.values(), ({ name }) => splitEntry(name)[0])) {
      const named = gone.map((image) => ({ image, own: splitEntry(image.name)[1] }))
      const free = uniqueNames(
        named.map(({ image: { key }, own }) => ({ key, displayName: own, given: own, isFile: true })),
        (taken.get(folder) ?? []).map(({ name }) => splitEntry(name)[1]),
      )
      for (const { image, own } of named)
        if (old !== undefined) {
          const name = `${folder}${free.get(image.key) ?? own}`
          entries.push({ ...kept(image, old), name })
          for (const sidecar of sidecarsBefore.get(image.key) ?? [])
            entries.push({ ...kept(sidecar, old), name: name + sidecar.suffix })
        }
    }
    return entries.length === 0 && listed > 0 ? undefined : entries
  }
}

/** What a run has for an album's archive so far, by `fileIdOf`. */
interface Changes {
  readonly delivered: Map<string, Pick<VerifiedFile, 'path' | 'sha256'> & { readonly clock: string }>
  readonly failed: Set<string>
}

/** What is in an archive, which need not be open. */
interface Content {
  readonly directory: Directory
  readonly byName: ReadonlyMap<string, ArchivedImage>
}

/** How the entry of this name fares. */
type State = (entry: string) => Inspection

/** Up to its last slash, and what comes after it. */
function splitEntry(name: string): [folder: string, name: string] {
  const border = name.lastIndexOf('/') + 1
  return [name.slice(0, border), name.slice(border)]
}

function kept(image: ArchivedImage, old: OpenArchive): NewEntry {
  const { key, suffix, name, date } = image
  return { key, suffix, name, date, bytes: () => old.read(image) }
}

function beside({
  image,
  name,
  suffix,
  ...said
}: { image: Image; name: string } & Sidecar & { key: string }): NewEntry {
  const bytes = async function* () {
    yield Buffer.from(said.text)
  }
  return { ...said, suffix, name: name + suffix, date: entryDate(image), bytes }
}

/** As much of a picture as holds its EXIF. */
async function headOf(archive: OpenArchive, image: ArchivedImage): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of archive.read(image)) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= exifReach) break
  }
  return Buffer.concat(chunks).subarray(0, exifReach)
}

/** Whether the archive holds just this already; what is delivered again never counts as held. */
function isSame(entries: readonly NewEntry[], old: OpenArchive | undefined, deflate: boolean): boolean {
  if (old?.images.length !== entries.length) return false
  return entries.every(({ key, suffix = '', name, date, sha256, text }, index) => {
    const image = old.images[index]
    return (
      sha256 === undefined &&
      image?.key === key &&
      image.suffix === suffix &&
      (text === undefined || (image.size === Buffer.byteLength(text) && image.crc === crc32(text))) &&
      image.name === name &&
      image.date.getTime() === date.getTime() &&
      image.stored === !deflate
    )
  })
}
