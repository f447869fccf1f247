import { isInside } from '../../exporter/safe-path.ts'
import type {
  Album,
  Delivery,
  ExporterContext,
  Image,
  InspectDepth,
  ListedAlbum,
  ListedImage,
  Logger,
  NewFile,
  Plain,
  VerifiedFile,
} from '../../exporter/types.ts'
import { bounded, longestPath } from './bounded.ts'

/** Number of images per message. */
const batch = 100

/** Maximum number of files, and of listings, that a plugin may have open. */
const mostOpen = 100

/** Maximum bytes of one value of the state, as JSON. */
const mostState = 256 * 1024

export interface ContextCalls extends AsyncDisposable {
  serve(method: string, args: readonly unknown[]): unknown
}

/**
 * Answers the context calls of a plugin in its own process. Nothing received from there is trusted, not even the types.
 * `files` are those passed to the plugin, by path.
 */
export function contextCalls(context: ExporterContext, log: Logger, files: Map<string, VerifiedFile>): ContextCalls {
  const open = new Open<NewFile>('files')
  const listings = new Open<AsyncIterator<ListedAlbum | ListedImage>>('listings')

  const calls: Record<string, (...args: readonly unknown[]) => unknown> = {
    log(level, text) {
      if (level === 'debug' || level === 'info' || level === 'warn') log[level](string(text))
    },
    uploaded(bytes) {
      if (typeof bytes === 'number' && bytes > 0 && Number.isFinite(bytes)) context.uploaded(bytes)
    },
    place(path, to, modifiedAt, duplicates) {
      const file = files.get(string(path))
      if (file === undefined) throw new Error('place() was given a file that is not being delivered')
      return context.place(file, names(to), {
        ...(typeof modifiedAt === 'number' && { modifiedAt }),
        ...((duplicates === 'hardlink' || duplicates === 'reflink') && { duplicates }),
      })
    },
    async createFile(path) {
      const file = await context.createFile(names(path))
      return { file: open.add(file), path: file.path }
    },
    write: (file, base64) => open.get(file).write(Buffer.from(string(base64), 'base64')),
    commit: (file) => open.take(file).commit(),
    abortFile: (file) => open.take(file).abort(),
    inspect: (of, depth) => context.inspect(delivery(of), depth as InspectDepth),
    move: (what, to) => context.move(delivery(what), names(to)),
    discard: (what) => context.discard(delivery(what)),
    deliveries: (image, album) => context.deliveries(keyed(image) as Image, keyed(album) as Album),
    async smallCopy(image, album, size) {
      const file = await context.smallCopy(keyed(image) as Image, keyed(album) as Album, size === 'M' ? 'M' : 'S')
      if (file === undefined) return null
      files.set(file.path, file)
      const { path, kind, size: bytes, md5, sha256, contentType } = file
      return { path, kind, size: bytes, md5, sha256, contentType }
    },
    getState: (key) => context.state.get(string(key)),
    setState: (key, value) =>
      context.state.set(stateKey(key), bounded(value, mostState, 'set a state value') as Plain | undefined),
    listing: () => listings.add(context.listing()[Symbol.asyncIterator]()),
    images: (album) => listings.add(context.images(keyed(album) as Album)[Symbol.asyncIterator]()),
    async nextAlbum(number) {
      const next = await listings.get(number).next()
      return next.done ? null : (next.value as ListedAlbum).album
    },
    async nextImages(number) {
      const listing = listings.get(number)
      const some: unknown[] = []
      while (some.length < batch) {
        const next = await listing.next()
        if (next.done) break
        some.push(next.value)
      }
      return some
    },
    close: async (number) => void (await listings.take(number).return?.()),
  }

  return {
    serve(method, args) {
      const call = Object.hasOwn(calls, method) ? calls[method] : undefined
      if (call === undefined) throw new TypeError(`there is no ${method} in a context`)
      return call(...args)
    },
    async [Symbol.asyncDispose]() {
      for (const file of open.all()) await file.abort()
      for (const listing of listings.all()) await listing.return?.()
    },
  }
}

/** Objects that the plugin's process refers to by number. */
class Open<T> {
  readonly #what: string
  readonly #items = new Map<number, T>()
  #count = 0

  constructor(what: string) {
    this.#what = what
  }

  add(item: T): number {
    if (this.#items.size >= mostOpen) throw new RangeError(`more than ${mostOpen} ${this.#what} are open`)
    this.#items.set(++this.#count, item)
    return this.#count
  }

  get(number: unknown): T {
    const item = this.#items.get(Number(number))
    if (item === undefined) throw new TypeError(`there are no such open ${this.#what}`)
    return item
  }

  take(number: unknown): T {
    const item = this.get(number)
    this.#items.delete(Number(number))
    return item
  }

  all(): Iterable<T> {
    return this.#items.values()
  }
}

function string(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError('a text is needed')
}

function stateKey(value: unknown): string {
  const key = string(value)
  if (key.length > 1000) throw new RangeError('a key of the state has at most 1,000 characters')
  return key
}

function names(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')) {
    if (value.join('/').length > longestPath)
      throw new RangeError(`a path has at most ${longestPath.toLocaleString('en')} characters`)
    return value
  }
  throw new TypeError('a path is a list of names, ["2024", "April", "IMG_1.jpg"]')
}

function delivery(value: unknown): Delivery {
  if (typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string') {
    if (value.path.length <= longestPath && isInside(value.path)) return value as Delivery
    throw new Error(`${value.path.slice(0, 200)} leads out of the output`)
  }
  throw new TypeError('a delivery has a path')
}

function keyed(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string') return value
  throw new TypeError('an image or album with its key is needed')
}
