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
  FileFacts,
  Found,
  Hooks,
  Image,
  InspectDepth,
  Inspection,
  Keeps,
  Sidecar,
  VerifiedFile,
} from '../../exporter/types.ts'
import { isFileProof } from '../files/proof.ts'
import { currentHook, duringHook } from './current-hook.ts'
import type { DeliveredFiles } from './delivered-files.ts'
import type { InstalledExporter } from './installed.ts'
import { refuseSpecialIn } from './special-files.ts'

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
  /** What it has at home, as smugdl itself can see it. */
  readonly files: DeliveredFiles
  readonly #hooks: Hooks
  readonly #root: string
  readonly #albums = new KeyedQueue()
  #turn = 0

  /** `root` is the output, of which the exporter may have a part only. */
  constructor(installed: InstalledExporter, hooks: Hooks, files: DeliveredFiles, root: string) {
    this.installed = installed
    this.exporter = installed.exporter
    this.name = installed.exporter.name
    this.output = join(root, installed.folder)
    this.files = files
    this.#hooks = hooks
    this.#root = root
  }

  /** Where what it makes of a picture is. One that wants no bytes has nothing of a picture. */
  get keeps(): Keeps {
    return this.exporter.keeps ?? 'here'
  }

  prepare(): Promise<void> {
    return this.#call('prepare', this.exporter.name, async () => {
      await this.#refuseStrange()
      await this.#hooks.prepare?.()
    })
  }

  begin(account: Account): Promise<void> {
    return this.#call('begin', account.nickName, () => this.#hooks.begin?.(account))
  }

  beginAlbum(album: Album): Promise<void> {
    return this.#inAlbum('beginAlbum', album, album.name, () => this.#hooks.beginAlbum?.(album))
  }

  /** `file` is absent for an exporter that wants no bytes, and for no other; `clock` is the camera's, in it. */
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
    return this.#call('finish', this.name, async () => {
      await this.#hooks.finish?.(counts)
      await this.#refuseStrange()
    })
  }

  /** All that a plugin ever wrote; what it says that it delivered is looked at there and then (`makeDurable`). */
  async #refuseStrange(): Promise<void> {
    if (!this.installed.trusted) await refuseSpecialIn(this.output)
  }

  abort(failure: Failure): Promise<void> {
    return this.#call('abort', this.name, () => this.#hooks.abort?.(failure))
  }

  /**
   * By its own hook and by what smugdl can see itself, whichever is worse; `unproven` where nobody can look. What the hook had its
   * context look at is not looked at again.
   */
  inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection | 'unproven'> {
    const { inspect } = this.#hooks
    const inspectBoth = async () => {
      const said = inspect && checkedInspection(await inspect(delivery, depth))
      if (this.keeps !== 'here' || (said !== undefined && said !== 'ok')) return said ?? 'unproven'
      const seen = await this.files.inspect(delivery, depth)
      return seen === 'unproven' ? (said ?? seen) : seen
    }
    return duringHook({}, () => this.#call('inspect', delivery.path, inspectBoth))
  }

  get canRelocate(): boolean {
    return this.#hooks.relocate !== undefined
  }

  relocate(delivery: Delivery, image: Image, album: Album): Promise<Returned | undefined> {
    return this.#inAlbum('relocate', album, image.name, async () =>
      checkedDelivery(await this.#hooks.relocate?.(delivery, image, { album })),
    )
  }

  /** The path that it wants for an image, where it says. */
  async pathOf(image: Image, album: Album): Promise<string | undefined> {
    if (this.#hooks.pathOf === undefined) return undefined
    return this.#inAlbum('pathOf', album, image.name, async () => {
      const path: unknown = await this.#hooks.pathOf?.(image, { album })
      if (typeof path !== 'string') throw new TypeError('returned something that is no path')
      if (!isInside(path)) throw new TypeError(`returned a path that leads out of the output: ${path}`)
      return path
    })
  }

  /** What it has of an image that nothing is known of; undefined where it cannot say, or has other bytes than these. */
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

  /** Whether it gives back the bytes of what it keeps in a way of its own. */
  get canRead(): boolean {
    return this.#hooks.read !== undefined
  }

  /** Undefined where the exporter cannot give its bytes back. */
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
      const known = fileError(cause, this.#root)
      if (known instanceof SmugdlError) throw known
      if (isDestinationError(cause))
        throw new SmugdlError('destination', {
          what: `${this.name}: ${cause.message}`,
          next: typeof cause.next === 'string' ? cause.next : 'Run again when it is mended; nothing is lost',
          cause,
        })
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

const inspections = ['ok', 'missing', 'damaged', 'changed'] as const satisfies Inspection[]

function checkedInspection(answered: unknown): Inspection {
  const found = inspections.find((word) => word === answered)
  if (found !== undefined) return found
  const shown =
    typeof answered === 'string'
      ? JSON.stringify(answered)
      : typeof answered === 'object'
        ? 'an object'
        : String(answered)
  throw new TypeError(`answered ${shown}, which is none of ${inspections.join(', ')}`)
}

/** Suffixes that make a name beside the picture's of the picture's own, on every system. */
function checkedSidecars(returned: unknown): readonly Sidecar[] {
  if (!Array.isArray(returned)) throw new TypeError('returned something that is no list of sidecars ({ suffix, text })')
  const suffixes = new Set<string>()
  for (const { suffix, text } of returned) {
    if (typeof text !== 'string' || typeof suffix !== 'string' || !/^(\.[a-z0-9_-]{1,20}){1,3}$/.test(suffix))
      throw new TypeError('returned a sidecar whose suffix is not like ".xmp", or whose text is none')
    if (suffixes.has(suffix)) throw new TypeError(`returned two sidecars with the suffix ${suffix}`)
    suffixes.add(suffix)
  }
  return returned
}

/** Facts that an exporter remembers, and that are recorded on its word. */
function checkedFacts({ kind, size, md5, sha256, contentType }: FileFacts): FileFacts {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('found a picture without its SHA-256')
  if (kind !== 'original' && kind !== 'transcode' && kind !== 'rendition')
    throw new TypeError('found a picture that is neither original, transcode nor rendition')
  return { kind, size, md5, sha256, contentType: String(contentType) }
}

/** What an exporter returned, if it is a delivery at all. */
function checkedDelivery(returned: unknown): Returned | undefined {
  if (returned === undefined) return undefined
  if (typeof returned === 'object' && returned !== null && 'path' in returned && typeof returned.path === 'string') {
    if (!isInside(returned.path)) throw new TypeError(`returned a path that leads out of the output: ${returned.path}`)
    // Only the user says that a file is to stay as the user changed it.
    const { edited: _, ...delivery } = structuredClone(returned) as Returned & { edited?: unknown }
    return delivery
  }
  throw new TypeError('returned something that is no delivery ({ path, … } or nothing)')
}
