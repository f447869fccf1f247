import { join } from 'node:path'
import { KeyedQueue } from '../../async/keyed-queue.ts'
import { fileError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import { isDestinationError } from '../../exporter/destination-error.ts'
import { isInside } from '../../exporter/safe-path.ts'
import type {
  Account,
  Album,
  Counts,
  Delivery,
  Exporter,
  Failure,
  Found,
  Hooks,
  Image,
  InspectDepth,
  Inspection,
  Keeps,
  Sidecar,
  Stray,
  VerifiedFile,
} from '../../exporter/types.ts'
import { isFileProof } from '../files/proof.ts'
import {
  checkedDelivery,
  checkedFacts,
  checkedInspection,
  checkedPlace,
  checkedSidecars,
  type Returned,
} from './checked-answers.ts'
import { currentHook, duringHook } from './current-hook.ts'
import type { DeliveredFiles } from './delivered-files.ts'
import type { InstalledExporter } from './installed.ts'
import { refuseSpecialIn } from './special-files.ts'

/** Time limit for a hook, unless its exporter asks for more. */
const hookMinutes = 5

/**
 * Calls the hooks of one exporter in the order that the contract promises, those of one album one at a time (or as many in parallel as the
 * exporter declares), each with a time limit. Every failure is reported with exporter, hook and item.
 */
export class Driver {
  readonly name: string
  readonly exporter: Exporter
  readonly installed: InstalledExporter
  /** Absolute path of its output. */
  readonly output: string
  /** Its files at home, as smugdl itself sees them. */
  readonly files: DeliveredFiles
  readonly #hooks: Hooks
  readonly #root: string
  readonly #albums = new KeyedQueue()
  /** Each image is described anew when its turn comes, and asked about several times until it is delivered. */
  readonly #paths = new WeakMap<Image, Promise<string>>()
  #turn = 0

  /** `root` is the whole output, of which the exporter may use only a part. */
  constructor(installed: InstalledExporter, hooks: Hooks, files: DeliveredFiles, root: string) {
    this.installed = installed
    this.exporter = installed.exporter
    this.name = installed.exporter.name
    this.output = join(root, installed.folder)
    this.files = files
    this.#hooks = hooks
    this.#root = root
  }

  /** Where its deliveries are. An exporter that uses no bytes has none. */
  get keeps(): Keeps {
    return this.exporter.keeps ?? 'here'
  }

  prepare(): Promise<void> {
    return this.#call('prepare', this.exporter.name, async () => {
      await this.#refuseSpecial()
      await this.#hooks.prepare?.()
    })
  }

  begin(account: Account): Promise<void> {
    return this.#call('begin', account.nickName, () => this.#hooks.begin?.(account))
  }

  beginAlbum(album: Album): Promise<void> {
    return this.#inAlbum('beginAlbum', album, album.name, () => this.#hooks.beginAlbum?.(album))
  }

  /** `file` is absent only for an exporter that uses no bytes; `clock` is the camera's clock in the file. */
  deliver(
    image: Image,
    file: VerifiedFile | undefined,
    album: Album,
    { before, clock }: { before?: Delivery | undefined; clock?: string | undefined } = {},
  ): Promise<Returned | undefined> {
    const where = { album, ...(before !== undefined && { before }), ...(clock !== undefined && { clock }) }
    return this.#inAlbum('deliver', album, image.name, async () =>
      checkedDelivery(await this.#hooks.deliver(image, file as VerifiedFile, where)),
    )
  }

  get hasSidecars(): boolean {
    return this.#hooks.sidecars !== undefined
  }

  sidecars(image: Image, album: Album, clock: string | undefined): Promise<readonly Sidecar[]> {
    const where = { album, ...(clock !== undefined && { clock }) }
    return this.#inAlbum('sidecars', album, image.name, async () =>
      checkedSidecars((await this.#hooks.sidecars?.(image, where)) ?? []),
    )
  }

  /** Whether it wants to be called for pictures delivered in earlier runs. */
  get wantsUnchanged(): boolean {
    return this.#hooks.unchanged !== undefined
  }

  unchanged(image: Image, delivery: Delivery, album: Album): Promise<void> {
    return this.#inAlbum('unchanged', album, image.name, () => this.#hooks.unchanged?.(image, delivery, { album }))
  }

  failed(image: Image, failure: Failure, album: Album): Promise<void> {
    return this.#inAlbum('failed', album, image.name, () => this.#hooks.failed?.(image, failure, { album }))
  }

  /** The new locations of the album's pending deliveries, if they differ from those returned. */
  endAlbum(album: Album): Promise<string | undefined> {
    return this.#inAlbum('endAlbum', album, album.name, async () => checkedPlace(await this.#hooks.endAlbum?.(album)))
  }

  finish(counts: Counts): Promise<void> {
    return this.#call('finish', this.name, async () => {
      await this.#hooks.finish?.(counts)
      await this.#refuseSpecial()
    })
  }

  /** Refuses special files in all that a plugin ever wrote; its deliveries are already checked when it returns them (`DeliveredFiles.proven`). */
  async #refuseSpecial(): Promise<void> {
    if (!this.installed.trusted) await refuseSpecialIn(this.output)
  }

  abort(failure: Failure): Promise<void> {
    return this.#call('abort', this.name, () => this.#hooks.abort?.(failure))
  }

  /**
   * The worse result of the exporter's own hook and smugdl's own inspection; `unproven` if neither is possible. Files that the context
   * inspected for the hook are not inspected again.
   */
  async inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection | 'unproven'> {
    const { inspect } = this.#hooks
    // Without the hook there is nothing to wait for, and a call would cost more than inspecting a file.
    if (inspect === undefined && this.keeps === 'here') {
      try {
        return await this.files.inspect(delivery, depth)
      } catch (cause) {
        throw this.#named('inspect', delivery.path, cause)
      }
    }
    const inspectBoth = async () => {
      const said = inspect && checkedInspection(await inspect(delivery, depth))
      if (this.keeps !== 'here' || (said !== undefined && said !== 'ok')) return said ?? 'unproven'
      const seen = await this.files.inspect(delivery, depth)
      return seen === 'unproven' ? (said ?? seen) : seen
    }
    return duringHook({}, () => this.#call('inspect', delivery.path, inspectBoth))
  }

  /** Whether it chooses the path of a picture. */
  get hasPaths(): boolean {
    return this.#hooks.pathOf !== undefined
  }

  get canRelocate(): boolean {
    return this.#hooks.relocate !== undefined
  }

  relocate(delivery: Delivery, image: Image, album: Album): Promise<Returned | undefined> {
    return this.#inAlbum('relocate', album, image.name, async () =>
      checkedDelivery(await this.#hooks.relocate?.(delivery, image, { album })),
    )
  }

  get canCopy(): boolean {
    return this.#hooks.copy !== undefined && this.keeps === 'elsewhere'
  }

  /** Delivers the image from identical bytes that it already has elsewhere; undefined if it cannot. */
  copy(from: Delivery, image: Image, album: Album, before: Delivery | undefined): Promise<Returned | undefined> {
    const where = { album, ...(before !== undefined && { before }) }
    return this.#inAlbum('copy', album, image.name, async () =>
      checkedDelivery(await this.#hooks.copy?.(from, image, where)),
    )
  }

  /** The path that it wants for an image, if it chooses one. */
  async pathOf(image: Image, album: Album): Promise<string | undefined> {
    if (this.#hooks.pathOf === undefined) return undefined
    const known = this.#paths.get(image)
    if (known !== undefined) return known
    const asked = this.#inAlbum('pathOf', album, image.name, async () => {
      const path: unknown = await this.#hooks.pathOf?.(image, { album })
      if (typeof path !== 'string') throw new TypeError('returned something that is no path')
      if (!isInside(path)) throw new TypeError(`returned a path that leads out of the output: ${path}`)
      return path
    })
    this.#paths.set(image, asked)
    return asked
  }

  /** Its delivery of an image that is not recorded; undefined if it cannot say, or has other bytes than these. */
  async find(image: Image, known: { md5: string; size?: number }, album: Album): Promise<Found | undefined> {
    const { find } = this.#hooks
    if (find === undefined) return undefined
    return this.#inAlbum('find', album, image.name, async () => {
      const found = await find(image, known, { album })
      if (found?.facts?.md5 !== known.md5 || found.facts.size !== (known.size ?? found.facts.size)) return undefined
      const delivery = checkedDelivery(found.delivery)
      return delivery && { delivery, facts: checkedFacts(found.facts), verifiedAt: Number(found.verifiedAt) || 0 }
    })
  }

  /** Its deliveries that are not recorded; empty if it cannot say. */
  async *strays(isRecorded: (path: string) => boolean): AsyncGenerator<Stray> {
    try {
      for await (const stray of this.#hooks.strays?.(isRecorded) ?? []) {
        const delivery = checkedDelivery(stray.delivery)
        if (delivery) yield { ...stray, delivery, facts: checkedFacts(stray.facts) }
      }
    } catch (cause) {
      throw this.#named('strays', this.name, cause)
    }
  }

  /** Whether it has its own way of returning the bytes that it keeps. */
  get canRead(): boolean {
    return this.#hooks.read !== undefined
  }

  /** Undefined if the exporter cannot return its bytes. */
  read(delivery: Delivery): AsyncIterable<Uint8Array> | undefined {
    return this.#hooks.read?.(delivery)
  }

  canRemove(delivery: Delivery | undefined): boolean {
    return this.#hooks.remove !== undefined || isFileProof(delivery)
  }

  remove(delivery: Delivery): Promise<void> {
    const { remove } = this.#hooks
    return this.#call('remove', delivery.path, async () => {
      await (remove ? remove(delivery) : this.files.discard(delivery))
      await this.files.sidecars.discard(delivery)
    })
  }

  #inAlbum<T>(hook: string, album: Album, item: string, work: () => Promise<T> | T): Promise<T> {
    const { concurrency = 1 } = this.exporter
    this.#turn = (this.#turn + 1) % concurrency
    const call = () => this.#call(hook, item, work)
    return this.#albums.run(`${album.key} ${this.#turn}`, () =>
      currentHook() ? call() : duringHook({ album: album.key }, call),
    )
  }

  async #call<T>(hook: string, item: string, work: () => Promise<T> | T): Promise<T> {
    const late = Promise.withResolvers<never>()
    const minutes = this.exporter.hookMinutes ?? hookMinutes
    const timer = setTimeout(() => late.reject(new Error(`did not end within ${minutes} minutes`)), minutes * 60_000)
    try {
      return await Promise.race([work(), late.promise])
    } catch (cause) {
      throw this.#named(hook, item, cause)
    } finally {
      clearTimeout(timer)
    }
  }

  /** The error of a hook, with exporter, hook and item. */
  #named(hook: string, item: string, cause: unknown): SmugdlError {
    const known = fileError(cause, this.#root)
    if (known instanceof SmugdlError) return known
    if (isDestinationError(cause))
      return new SmugdlError('destination', {
        what: `${this.name}: ${cause.message}`,
        next: typeof cause.next === 'string' ? cause.next : 'Run again when it is fixed; nothing is lost',
        cause,
      })
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new SmugdlError('item', { what: `Exporter "${this.name}" failed in ${hook}: ${reason}`, item, cause })
  }
}
