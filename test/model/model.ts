import type { RunEvent, RunSummary } from '../../src/engine/events.ts'
import { type ListedImage, listing } from '../../src/simulator/listing.ts'
import { readPhotoPath } from '../../src/simulator/photo-url.ts'
import type { RequestRecord } from '../../src/simulator/request-log.ts'
import { type Album, albumsBelow, foldersAbove, urlPathOf, type World } from '../../src/simulator/world.ts'
import type { FileAtHome } from '../e2e/home.ts'
import type { RunStep } from './steps.ts'

export type Tree = ReadonlyMap<string, FileAtHome | 'empty folder' | 'link'>

/** What a run did, as it can be seen from outside. */
export interface Seen {
  step: RunStep
  events: readonly RunEvent[]
  /** Of a run that came to its end. */
  summary: RunSummary | undefined
  requests: readonly RequestRecord[]
  now: number
  staging: readonly string[]
}

/** An image in an album that came home once. */
interface Slot {
  readonly album: string
  readonly image: string
  path: string
  md5: string
  /** What tells its bytes from others before they are fetched. */
  content: string
  /** Is as the last run left it; else the person took it or made it theirs. */
  intact: boolean
  /** Another time, the same bytes. */
  touched: boolean
}

/** What an album listed when it was last read. */
interface Known {
  announced: string
  at: number
  images: ReadonlyMap<string, ListedImage>
}

/**
 * What home must be, worked out from what the account lists, what the person did and what the run said, and from nothing that the engine
 * keeps. Throws an error that names the broken promise.
 */
export class Model {
  readonly #world: World
  readonly #slots = new Map<string, Slot>()
  /** What only the person made, by path. */
  readonly #persons = new Map<string, FileAtHome>()
  readonly #known = new Map<string, Known>()
  /** Verified bytes that an interrupted run left in staging. */
  readonly #staged = new Set<string>()
  /** Albums whose listing an earlier run counts on, less those that SmugMug no longer shows. */
  readonly #failedBefore = new Set<string>()
  #tree: Tree = new Map()

  constructor(world: World) {
    this.#world = world
  }

  /** What is in the person's hands now; every file that they can lay hands on. */
  get files(): string[] {
    return [...this.#tree].filter(([, file]) => typeof file === 'object').map(([path]) => path)
  }

  /** The person did something. */
  tookPlaceAtHome(after: Tree): void {
    const slots = new Map([...this.#slots.values()].filter(({ intact }) => intact).map((slot) => [slot.path, slot]))
    for (const [path, slot] of slots) {
      const file = fileAt(after, path)
      if (file?.md5 === slot.md5) slot.touched ||= file.mtimeMs !== fileAt(this.#tree, path)?.mtimeMs
      else slot.intact = false
    }
    this.#persons.clear()
    for (const [path, file] of after) {
      if (typeof file === 'object' && !slots.get(path)?.intact) this.#persons.set(path, file)
    }
    // Brought back, by a rename or from somewhere else: nobody can tell that it was away.
    for (const slot of this.#slots.values()) {
      if (slot.intact || this.#persons.get(slot.path)?.md5 !== slot.md5) continue
      if ([...slots.values()].some(({ intact, path }) => intact && path === slot.path)) continue
      slot.intact = slot.touched = true
      this.#persons.delete(slot.path)
      slots.set(slot.path, slot)
    }
    this.#tree = after
  }

  /** A run took place; `after` is what home is now. */
  ran(seen: Seen, after: Tree): void {
    const { step, summary, events } = seen
    const before = this.#tree
    if (step.dryRun) {
      same(before, after, 'a dry run changes nothing')
      return
    }
    const truth = new Map(allImages(this.#world).map((image) => [slotKey(image.albumKey, image.imageKey), image]))
    this.#bytesFetched(seen, truth)
    this.#delivered(events, truth, after)
    this.#nothingOfThePersons(after)
    this.#nothingUnexplained(before, after)
    const listed = listedIn(seen.requests)
    const brokenListings = new Set(
      summary?.failed
        .filter(({ imageKey, exporter }) => imageKey === undefined && exporter === undefined)
        .map(({ albumKey }) => albumKey),
    )
    if (summary !== undefined) this.#everythingHome(seen, summary, listed, brokenListings)
    for (const album of albumsBelow(this.#world.root)) {
      if (!listed.has(album.key) || brokenListings.has(album.key)) continue
      const images = new Map(
        [...truth.values()].filter(({ albumKey }) => albumKey === album.key).map((image) => [image.imageKey, image]),
      )
      this.#known.set(album.key, { announced: announced(album), at: seen.now, images })
    }
    if (summary !== undefined) this.#sums(seen, summary)
    this.#tree = after
  }

  /** Which bytes came over the network: none that were at home or in staging, and none twice. */
  #bytesFetched({ requests, step, events, summary }: Seen, truth: ReadonlyMap<string, ListedImage>): void {
    const atHome = new Set(
      [...this.#slots.values()].filter(({ intact }) => intact).flatMap(({ md5, content }) => [md5, content]),
    )
    const images = new Map([...truth.values()].map((image) => [image.imageKey, image]))
    const fetched = new Map<string, number>()
    for (const { kind, path, status } of requests) {
      const asked = kind === 'media' ? readPhotoPath(path) : undefined
      const image = asked && images.get(asked.key)
      if (image === undefined || status >= 400) continue
      const content = this.#contentOf(image)
      fetched.set(content, (fetched.get(content) ?? 0) + 1)
    }
    const faults = step.fault?.on === 'media' ? step.fault.times : 0
    for (const [content, times] of fetched) {
      const allowed = atHome.has(content) || this.#staged.has(content) ? 0 : 1
      claim(times <= allowed + faults, `${content} is fetched at most ${allowed} times, and was ${times} times`)
    }
    for (const event of events) {
      if (event.type !== 'image.fetched' && event.type !== 'image.finished') continue
      const image = images.get(event.imageKey)
      if (image === undefined) continue
      if (event.type === 'image.fetched') this.#staged.add(this.#contentOf(image))
      else this.#staged.delete(this.#contentOf(image))
    }
    if (summary === undefined) return
    this.#staged.clear()
    const total = [...fetched.values()].reduce((sum, times) => sum + times, 0)
    if (faults === 0)
      claim(
        summary.downloaded.files === total,
        `${total} files were downloaded, the summary says ${summary.downloaded.files}`,
      )
  }

  /** Each file lies where the run said, with the bytes that the account holds. */
  #delivered(events: readonly RunEvent[], truth: ReadonlyMap<string, ListedImage>, after: Tree): void {
    for (const event of events) {
      if (event.type !== 'image.finished' || event.exporter !== 'folder' || event.path === undefined) continue
      const key = slotKey(event.albumKey, event.imageKey)
      const image = truth.get(key)
      const old = this.#slots.get(key)
      const isOld = image === undefined || image.available === 'none' || event.outcome === 'unchanged'
      const md5 = isOld ? old?.md5 : image.md5
      const file = fileAt(after, event.path)
      claim(
        file !== undefined && file.md5 === md5,
        `${event.path} holds ${key} (${md5}), as the run said; it holds ${file?.md5}`,
      )
      if (old?.touched && old.intact && old.path !== event.path && fileAt(after, old.path)?.md5 === old.md5) {
        // Its time was not ours: it stays, as the person's.
        const kept = fileAt(this.#tree, old.path)
        if (kept) this.#persons.set(old.path, kept)
      }
      // The same bytes stood there already: they are taken as they are.
      if (this.#persons.get(event.path)?.md5 === file.md5) {
        same1(this.#persons.get(event.path), file, event.path)
        this.#persons.delete(event.path)
      }
      const content = isOld ? (old?.content ?? file.md5) : this.#contentOf(image)
      this.#slots.set(key, {
        album: event.albumKey,
        image: event.imageKey,
        path: event.path,
        md5: file.md5,
        content,
        intact: true,
        touched: false,
      })
    }
    const owners = new Map<string, string>()
    for (const [key, { path, intact }] of this.#slots) {
      if (!intact) continue
      claim(!owners.has(path), `${path} belongs to one image, not to ${owners.get(path)} and ${key}`)
      owners.set(path, key)
    }
  }

  #nothingOfThePersons(after: Tree): void {
    for (const [path, file] of this.#persons) same1(file, fileAt(after, path), path)
  }

  #nothingUnexplained(before: Tree, after: Tree): void {
    const slots = new Map([...this.#slots.values()].filter(({ intact }) => intact).map((slot) => [slot.path, slot]))
    for (const [path, file] of after) {
      if (file === 'empty folder') continue
      claim(typeof file === 'object', `${path} is a file`)
      const slot = slots.get(path)
      if (this.#persons.has(path)) continue
      claim(slot?.md5 === file.md5, `${path} is explained; it holds ${file.md5}, was ${fileAt(before, path)?.md5}`)
    }
    for (const [path, { album, image, md5 }] of slots)
      claim(fileAt(after, path)?.md5 === md5, `${path} stays, with the bytes of ${slotKey(album, image)}`)
  }

  /** The run came to its end: all that the account lists is at home or named. */
  #everythingHome(
    seen: Seen,
    summary: RunSummary,
    listed: ReadonlySet<string>,
    broken: ReadonlySet<string | undefined>,
  ): void {
    const { step, staging, now } = seen
    claim(staging.length === 0, `staging is empty after a run that came to its end; it holds ${staging.join(', ')}`)
    const failed = new Set(
      summary.failed.map(({ albumKey = '', imageKey }) => (imageKey ? slotKey(albumKey, imageKey) : albumKey)),
    )
    claim(failed.size === 0 || summary.failedInAll > 0, 'failures are counted')
    const isDoubtful = failed.has('')
    claim(!isDoubtful || step.fault?.on === 'api', 'the account can be seen whole')
    const explained = new Set<string>()
    for (const album of albumsBelow(this.#world.root)) {
      if (!isChosen(album.name, step) || (isDoubtful && !listed.has(album.key))) continue
      const slots = [...this.#slots.values()].filter((slot) => slot.album === album.key)
      if (album.locked || broken.has(album.key)) {
        claim(failed.has(album.key), `the album ${album.name} (${album.key}) cannot be listed, which is said`)
        claim(album.locked || step.fault !== undefined, `the album ${album.name} (${album.key}) can be listed`)
        explained.add(album.key)
        continue
      }
      if (failed.has(album.key)) {
        const reason = summary.failed.find(({ albumKey, imageKey }) => albumKey === album.key && imageKey === undefined)
        claim(
          step.fault !== undefined || this.#isInTheWay(album),
          `the album ${album.name} (${album.key}) can be made: ${reason?.reason}`,
        )
        explained.add(album.key)
      }
      const isListed = listed.has(album.key)
      const known = this.#known.get(album.key)
      if (!isListed) {
        claim(!step.full, `a full run lists ${album.name} (${album.key})`)
        claim(known?.announced === announced(album), `${album.name} (${album.key}) is listed, for it announces news`)
        claim(now - (known?.at ?? 0) <= 61 * dayMs, `${album.name} (${album.key}) is listed again after 30 to 60 days`)
      }
      const images = isListed
        ? [...listing(this.#world)].filter(({ albumKey }) => albumKey === album.key)
        : [...(known?.images.values() ?? [])]
      for (const image of images) {
        const key = slotKey(album.key, image.imageKey)
        const slot = slots.find((slot) => slot.image === image.imageKey)
        if (slot?.intact && (image.available === 'none' || slot.md5 === image.md5)) {
          if (isListed && !failed.has(key)) this.#isInPlace(slot, image, step)
          if (!failed.has(key)) continue
        }
        claim(failed.has(key), `${image.fileName} (${key}) is at home or named as failed`)
        explained.add(key)
        const reason = summary.failed.find(({ imageKey, albumKey }) => slotKey(albumKey ?? '', imageKey ?? '') === key)
        claim(
          image.available === 'none' ||
            step.fault !== undefined ||
            (!isListed && this.#failedBefore.has(key)) ||
            this.#isInTheWay(album),
          `${image.fileName} (${key}) has no reason to fail: ${reason?.reason}`,
        )
      }
    }
    for (const key of failed) claim(explained.has(key) || step.fault !== undefined, `${key} did not fail for nothing`)
    this.#failedBefore.clear()
    for (const key of failed) this.#failedBefore.add(key)
  }

  /** In the folder of its album, under its own name, but for marks in brackets where names clash. */
  #isInPlace({ path, image }: Slot, { folders, album, fileName, albumKey }: ListedImage, { layout }: RunStep): void {
    const names = path.split('/')
    const file = names.pop() ?? ''
    const node = this.#world.albums.get(albumKey)
    if (layout === 'urlpath') claim(`/${names.join('/')}` === (node && urlPathOf(node)), `${path} is in its folder`)
    else claim(names.at(-1) === album || isMarked(names.at(-1) ?? '', album), `${path} is in the album ${album}`)
    if (layout === 'names') claim(names.length === folders.length + 1, `${path} is in ${folders.join('/')}`)
    const stem = (name: string) => name.replace(/\.\w+$/, '')
    claim(
      stem(file) === stem(fileName) || isMarked(stem(file), stem(fileName)),
      `${path} is named after ${fileName} (${image})`,
    )
  }

  /** Whether something of the person's stands where it, or a folder around it, is to be. */
  #isInTheWay(album: Album): boolean {
    const directory = [...foldersAbove(album), album].map(({ name }) => name.toLowerCase())
    return [...this.#persons.keys()].some((path) =>
      path
        .toLowerCase()
        .split('/')
        .every((name, at) => at >= directory.length || name.startsWith(directory[at] ?? '')),
    )
  }

  #sums({ step }: Seen, { exporters, gone }: RunSummary): void {
    const counts = exporters.folder
    claim(counts !== undefined, 'the summary tells of the exporter')
    const { listed, new: added, updated, unchanged, skipped, failed } = counts
    claim(listed === added + updated + unchanged + skipped + failed, 'the sum line adds up')
    if (step.fault !== undefined) return
    const lockedAlbums = [...albumsBelow(this.#world.root)].some(({ locked }) => locked)
    if (!lockedAlbums) {
      const truth = [...albumsBelow(this.#world.root)].reduce((sum, { images }) => sum + images.length, 0)
      claim(listed === truth, `${truth} images are listed, the summary says ${listed}`)
    }
    const left = [...this.#slots.values()].filter(({ album, image }) => {
      const node = this.#world.albums.get(album)
      return node === undefined || (this.#known.has(album) && !this.#known.get(album)?.images.has(image))
    })
    claim(gone === left.length, `${left.length} are no longer on SmugMug, the summary says ${gone}`)
  }

  #contentOf({ imageKey, serial, available, md5 }: ListedImage): string {
    const image = this.#world.images.get(imageKey)
    const told = image?.isVideo ? image.video?.md5 : image?.md5
    return told === 'given' && available !== 'rendition' ? md5 : `${imageKey} ${serial} ${available}`
  }
}

/** After a run that left nothing to do. */
export function nothingLeftToDo(requests: readonly RequestRecord[], before: Tree, after: Tree): void {
  const count = (kind: string) => requests.filter((request) => request.kind === kind).length
  claim(count('media') === 0, 'a run with nothing to do downloads nothing')
  claim(count('api') <= 3, `a run with nothing to do asks at most 3 times, not ${count('api')} times`)
  same(before, after, 'a run with nothing to do changes nothing')
}

function same(before: Tree, after: Tree, promise: string): void {
  const told = (tree: Tree) => JSON.stringify([...tree])
  claim(told(before) === told(after), `${promise}: ${told(before)} became ${told(after)}`)
}

function same1(before: FileAtHome | undefined, after: FileAtHome | undefined, path: string): void {
  claim(
    after !== undefined &&
      after.md5 === before?.md5 &&
      after.mtimeMs === before.mtimeMs &&
      after.inode === before.inode,
    `${path} is the person's and stays as it is: ${JSON.stringify(before)} became ${JSON.stringify(after)}`,
  )
}

export function claim(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken: ${promise}`)
}

/** Those of locked albums too: who has an address still gets the bytes. */
function allImages(world: World): ListedImage[] {
  const locked = [...albumsBelow(world.root)].filter((album) => album.locked)
  for (const album of locked) album.locked = false
  const images = [...listing(world)]
  for (const album of locked) album.locked = true
  return images
}

function isMarked(name: string, plain: string): boolean {
  return name.startsWith(`${plain} [`) && name.endsWith(']')
}

function isChosen(name: string, { only }: RunStep): boolean {
  return only === undefined || name.toLowerCase() === onlyName(only)
}

export function onlyName(only: number): string {
  return ['rome', 'travel', 'bath'][only % 3] ?? ''
}

function announced(album: { updatedAt: number; imagesUpdatedAt: number; images: readonly unknown[] }): string {
  return `${album.updatedAt} ${album.imagesUpdatedAt} ${album.images.length}`
}

function listedIn(requests: readonly RequestRecord[]): Set<string> {
  return new Set(requests.flatMap(({ path }) => /\/album\/(\w+)!images/.exec(path)?.[1] ?? []))
}

function slotKey(album: string, image: string): string {
  return `${album}/${image}`
}

function fileAt(tree: Tree, path: string): FileAtHome | undefined {
  const file = tree.get(path)
  return typeof file === 'object' ? file : undefined
}

const dayMs = 24 * 60 * 60 * 1000
