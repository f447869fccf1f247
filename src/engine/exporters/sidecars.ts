import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { withoutDigest } from '../../exporter/describe/own-digest.ts'
import type { Delivery, Sidecar } from '../../exporter/types.ts'
import { isBrokenText } from '../files/broken-text.ts'
import type { Destination } from '../files/destination.ts'
import { hashOf } from '../files/hash.ts'
import { type KeptSidecar, keptSidecars } from '../files/kept-sidecars.ts'
import { type FileProof, inspectFile, isStillOurs } from '../files/proof.ts'
import { statOf } from '../files/same-file.ts'
import { selfProven } from '../files/self-proven.ts'
import type { InstalledExporter } from './installed.ts'
import type { LivePaths } from './live-paths.ts'
import { refuseSpecialOnPath } from './special-files.ts'

interface Parts {
  /** Absolute path of the exporter's part of home. */
  output: string
  catalog: Catalog
  destination: Destination
  paths: LivePaths
}

/** A delivery that is a file, and its picture. */
export type FileRow = DeliveryRow & { readonly delivery: FileProof }

/** A sidecar's wanted content and path. */
interface Wanted extends Sidecar {
  readonly path: string
  readonly size: number
  readonly sha256: string
}

/** The file at a sidecar's path: one to keep, ours or the user's, or one to replace, if any. */
type Standing = { readonly keep: KeptSidecar } | { readonly replace: FileProof | undefined }

/** The result for the sidecars of a delivery. */
export interface Brought {
  readonly beside: readonly KeptSidecar[]
  /** Number of sidecars written. */
  readonly written: number
  /** Number moved to the trash because they are no longer wanted. */
  readonly discarded: number
  /** Paths of those that turned out to be the user's. */
  readonly taken: readonly string[]
}

/**
 * The sidecars of one exporter. A file is ours if its bytes are those that we would write, or that we wrote according to the catalog or its own
 * digest; all others are the user's, and are neither replaced nor removed.
 */
export class Sidecars {
  readonly #installed: InstalledExporter
  readonly #parts: Parts

  constructor(installed: InstalledExporter, parts: Parts) {
    this.#installed = installed
    this.#parts = parts
  }

  /**
   * Updates the sidecars of a picture, each atomically and durably: moves them to the picture's current place, writes missing or outdated ones,
   * and removes those no longer wanted. `before` are those that the delivery had.
   */
  async bring(row: FileRow, wanted: readonly Sidecar[], before: readonly KeptSidecar[] = []): Promise<Brought> {
    const left = new Map(before.map((sidecar) => [sidecar.suffix, sidecar]))
    const plan: (Wanted & { known: KeptSidecar | undefined; standing: Standing })[] = []
    for (const sidecar of wanted) {
      const { suffix } = sidecar
      const one = { ...sidecar, path: row.delivery.path + suffix, ...digestOf(sidecar.text) }
      const old = left.get(suffix)
      left.delete(suffix)
      const known = old && (await this.#moved(old, one.path, row))
      plan.push({ ...one, known, standing: await this.#standing(one, known, row) })
    }
    const lacking = plan.filter(({ standing }) => !('keep' in standing))
    if (lacking.length > 0) this.#announce(row, plan)
    const beside: KeptSidecar[] = []
    const taken: string[] = []
    for (const { path, suffix, text, known, standing } of plan) {
      if ('keep' in standing) beside.push(standing.keep)
      else beside.push({ ...(await this.#write(path, text, standing.replace)), suffix })
      if ('keep' in standing && standing.keep.yours === true && known?.yours !== true) taken.push(path)
    }
    let discarded = 0
    for (const [, sidecar] of left) {
      const came = await this.#discard(sidecar)
      if (came === 'discarded') discarded += 1
      if (came === 'taken') taken.push(sidecar.path)
    }
    return { beside, written: lacking.length, discarded, taken }
  }

  /** Moves the sidecars of a delivery to the trash, except the user's. */
  async discard(delivery: Delivery): Promise<void> {
    for (const sidecar of keptSidecars(delivery) ?? []) await this.#discard(sidecar)
  }

  async #standing(
    { path, suffix, text, size, sha256 }: Wanted,
    known: KeptSidecar | undefined,
    row: FileRow,
  ): Promise<Standing> {
    const { output } = this.#parts
    const there = await statOf(join(output, path))
    if (there === undefined) return { replace: undefined }
    if (!there.isFile()) return { keep: { path, suffix, size: 0, sha256: '', modifiedMs: 0, yours: true } }
    const isAsLeft = known !== undefined && (await inspectFile(output, known, 'quick')) === 'ok'
    const hash = isAsLeft ? known.sha256 : await hashOf(join(output, path))
    const proof = { path, suffix, size: there.size, sha256: hash, modifiedMs: there.mtimeMs }
    if (hash === sha256 && there.size === size) return { keep: proof }
    const others = this.#parts.paths.rowsAt(row.delivery.path).filter(({ album }) => album !== row.album)
    const announced = this.#parts.catalog.deliveries.unsyncedOf(row)
    const written = [row, ...others, ...announced]
      .filter(({ exporter }) => exporter === row.exporter)
      .flatMap(({ delivery }) => keptSidecars(delivery) ?? [])
      .concat(known ?? [])
      .filter(({ yours }) => yours !== true)
    const isOurs = written.some((one) => one.sha256 === hash)
    // The catalog was lost. A sidecar without a digest is from a version before digests.
    const isKnown =
      isOurs ||
      hash === digestOf(withoutDigest(text)).sha256 ||
      (written.some((one) => one.path === path) && (await isBrokenText(join(output, path), there.size)))
    if (!isKnown && (await selfProven(output, path)) === undefined) return { keep: { ...proof, yours: true } }
    // A file shared by several albums of a picture has one sidecar, with the content for the first of them.
    const isOfFirst = others.some(
      ({ album, delivery }) => album < row.album && keptSidecars(delivery)?.some((one) => one.sha256 === hash),
    )
    return isOfFirst ? { keep: proof } : { replace: proof }
  }

  /** Recorded before the bytes are written, so that after a kill the next run knows that they are ours. */
  #announce(row: FileRow, coming: readonly Wanted[]): void {
    const beside = coming.map(({ path, suffix, size, sha256 }) => ({ path, suffix, size, sha256, modifiedMs: 0 }))
    this.#parts.catalog.deliveries.putUnsynced({ ...row, delivery: { ...row.delivery, beside } })
  }

  async #write(path: string, text: string, old: FileProof | undefined): Promise<FileProof> {
    const { destination, output } = this.#parts
    if (!this.#installed.trusted) await refuseSpecialOnPath(output, path)
    const file = await destination.create((ready) =>
      destination.put(ready, { root: output, path, old: old ? [old] : [] }),
    )
    await file.write(text)
    return (await file.commit()) as FileProof
  }

  /**
   * Moves a sidecar to its picture, even the user's; leaves it if the new path is taken. Ours also stays while the same file is its picture's in
   * another album: each gets its own.
   */
  async #moved(sidecar: KeptSidecar, path: string, { album }: FileRow): Promise<KeptSidecar> {
    const { destination, output, paths } = this.#parts
    if (sidecar.path === path || (await statOf(join(output, sidecar.path))) === undefined) return { ...sidecar, path }
    const others = paths.rowsAt(sidecar.path.slice(0, -sidecar.suffix.length)).filter((row) => row.album !== album)
    const isShared = others.some(({ delivery }) => keptSidecars(delivery)?.some((one) => one.path === sidecar.path))
    if (isShared && sidecar.yours !== true && (await isStillOurs(output, sidecar))) return { ...sidecar, path }
    if ((await statOf(join(output, path))) !== undefined) {
      await this.#discard(sidecar)
      return { ...sidecar, path }
    }
    await destination.move(sidecar, { root: output, path })
    // Keeps the size and time that we left it with, because they show whether it is still ours.
    return { ...sidecar, path }
  }

  /** `taken`: it stays, because the user has just changed it. */
  async #discard(sidecar: KeptSidecar): Promise<'discarded' | 'taken' | undefined> {
    const { destination, output } = this.#parts
    if (sidecar.yours === true) return undefined
    if ((await statOf(join(output, sidecar.path))) === undefined) return undefined
    if (!(await isStillOurs(output, sidecar))) return 'taken'
    await destination.discard(output, sidecar)
    return 'discarded'
  }
}

function digestOf(text: string): { size: number; sha256: string } {
  return { size: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }
}
