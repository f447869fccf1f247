import { join } from 'node:path'
import { OneByOne } from '../../async/keyed-queue.ts'
import { fileError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import { isInside } from '../../exporter/safe-path.ts'
import type {
  Account,
  Album,
  Counts,
  Delivery,
  Exporter,
  Failure,
  Hooks,
  Image,
  InspectDepth,
  Inspection,
  VerifiedFile,
} from '../../exporter/types.ts'
import type { InstalledExporter } from './installed.ts'

/** A hook that takes longer than this has failed, unless its exporter asks for more. */
const hookMinutes = 5

/** What `deliver` and `relocate` give back. */
export type Returned = Delivery & { pending?: boolean }

/**
 * Calls the hooks of one exporter: in the order that the contract promises, those of one album one by one (or as many at once as
 * it declares), each within its time, and with every failure named by exporter, hook and item.
 */
export class Driver {
  readonly name: string
  readonly exporter: Exporter
  readonly installed: InstalledExporter
  /** Absolute: where it delivers to. */
  readonly output: string
  readonly #hooks: Hooks
  readonly #root: string
  readonly #albums = new OneByOne()
  #turn = 0

  /** `root` is the output, of which the exporter may have a part only. */
  constructor(installed: InstalledExporter, hooks: Hooks, root: string) {
    this.installed = installed
    this.exporter = installed.exporter
    this.name = installed.exporter.name
    this.output = join(root, installed.folder)
    this.#hooks = hooks
    this.#root = root
  }

  prepare(): Promise<void> {
    return this.#call('prepare', this.exporter.name, () => this.#hooks.prepare?.())
  }

  begin(account: Account): Promise<void> {
    return this.#call('begin', account.nickName, () => this.#hooks.begin?.(account))
  }

  beginAlbum(album: Album): Promise<void> {
    return this.#inAlbum('beginAlbum', album, album.name, () => this.#hooks.beginAlbum?.(album))
  }

  /** `file` is absent for an exporter that wants no bytes, and for no other. */
  deliver(image: Image, file: VerifiedFile | undefined, album: Album): Promise<Returned | undefined> {
    return this.#inAlbum('deliver', album, image.name, async () =>
      checkedDelivery(await this.#hooks.deliver(image, file as VerifiedFile, { album })),
    )
  }

  /** Whether it wants to hear of what was delivered in earlier runs. */
  get wantsUnchanged(): boolean {
    return this.#hooks.unchanged !== undefined
  }

  unchanged(image: Image, delivery: Delivery, album: Album): Promise<void> {
    return this.#inAlbum('unchanged', album, image.name, () => this.#hooks.unchanged?.(image, delivery, { album }))
  }

  failed(image: Image, failure: Failure, album: Album): Promise<void> {
    return this.#inAlbum('failed', album, image.name, () => this.#hooks.failed?.(image, failure, { album }))
  }

  /** Where the album's pending deliveries are now, if elsewhere than they said. */
  endAlbum(album: Album): Promise<string | undefined> {
    return this.#inAlbum('endAlbum', album, album.name, async () => checkedPlace(await this.#hooks.endAlbum?.(album)))
  }

  finish(counts: Counts): Promise<void> {
    return this.#call('finish', this.name, () => this.#hooks.finish?.(counts))
  }

  abort(failure: Failure): Promise<void> {
    return this.#call('abort', this.name, () => this.#hooks.abort?.(failure))
  }

  get canInspect(): boolean {
    return this.#hooks.inspect !== undefined
  }

  /** An exporter that cannot tell is believed. */
  inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection> {
    return this.#call('inspect', delivery.path, async () => (await this.#hooks.inspect?.(delivery, depth)) ?? 'ok')
  }

  get canRelocate(): boolean {
    return this.#hooks.relocate !== undefined
  }

  relocate(delivery: Delivery, image: Image, album: Album): Promise<Returned | undefined> {
    return this.#inAlbum('relocate', album, image.name, async () =>
      checkedDelivery(await this.#hooks.relocate?.(delivery, image, { album })),
    )
  }

  /** Undefined where the exporter cannot give its bytes back. */
  read(delivery: Delivery): AsyncIterable<Uint8Array> | undefined {
    return this.#hooks.read?.(delivery)
  }

  get canRemove(): boolean {
    return this.#hooks.remove !== undefined
  }

  remove(delivery: Delivery): Promise<void> {
    return this.#call('remove', delivery.path, () => this.#hooks.remove?.(delivery))
  }

  #inAlbum<T>(hook: string, album: Album, item: string, work: () => Promise<T> | T): Promise<T> {
    const { concurrency = 1 } = this.exporter
    this.#turn = (this.#turn + 1) % concurrency
    return this.#albums.run(`${album.key} ${this.#turn}`, () => this.#call(hook, item, work))
  }

  async #call<T>(hook: string, item: string, work: () => Promise<T> | T): Promise<T> {
    const late = Promise.withResolvers<never>()
    const minutes = this.exporter.hookMinutes ?? hookMinutes
    const timer = setTimeout(() => late.reject(new Error(`did not end within ${minutes} minutes`)), minutes * 60_000)
    try {
      return await Promise.race([work(), late.promise])
    } catch (cause) {
      const known = fileError(cause, this.#root)
      if (known instanceof SmugdlError) throw known
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new SmugdlError('item', { what: `Exporter "${this.name}" failed in ${hook}: ${reason}`, item, cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

function checkedPlace(returned: unknown): string | undefined {
  return returned === undefined ? undefined : checkedDelivery(returned)?.path
}

/** What an exporter returned, if it is a delivery at all. */
function checkedDelivery(returned: unknown): Returned | undefined {
  if (returned === undefined) return undefined
  if (typeof returned === 'object' && returned !== null && 'path' in returned && typeof returned.path === 'string') {
    if (!isInside(returned.path)) throw new TypeError(`returned a path that leads out of the output: ${returned.path}`)
    return structuredClone(returned) as Returned
  }
  throw new TypeError('returned something that is no delivery ({ path, … } or nothing)')
}
