import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { syncFolder } from './fsync.ts'

/** So many deliveries are made durable and recorded together. */
const batch = 64

/** Where the catalog keeps deliveries that may not be durable yet; no exporter has such a name. */
const unproven = 'engine:unproven'

/**
 * Writes deliveries to the catalog, never before they are durable: files were synced before they got their names, here the folders
 * that hold the names are synced, then the transaction is committed. Until then each is noted apart: the run after a kill looks there
 * for bytes, compares them, and fetches none again.
 */
export class Recorder {
  readonly #catalog: Catalog
  #rows: DeliveryRow[] = []
  /** On their way into the catalog. */
  #leaving: readonly DeliveryRow[] = []
  #folders = new Set<string>()
  #last: Promise<void> = Promise.resolve()
  /** What a run that was killed had delivered, by where it is noted. */
  readonly #left: Map<string, DeliveryRow>

  constructor(catalog: Catalog) {
    this.#catalog = catalog
    this.#left = new Map(catalog.state.all(unproven).map(([key, row]) => [key, row as unknown as DeliveryRow]))
  }

  /** What a run that was killed had delivered of an image; nobody knows whether it is there. */
  unprovenOf(image: string): DeliveryRow[] {
    return [...this.#left.values()].filter((row) => row.image === image)
  }

  /** Whether something of this image, or of the same bytes, waits to be recorded. */
  holds({ image, source }: Pick<ListingRow, 'image' | 'source'>): boolean {
    const md5 = source.kind === 'none' ? undefined : source.md5
    return [...this.#leaving, ...this.#rows].some((row) => row.image === image || row.facts.md5 === md5)
  }

  /** What an exporter delivered that is not recorded yet. */
  waitingOf(exporter: string): DeliveryRow[] {
    return [...this.#leaving, ...this.#rows].filter((row) => row.exporter === exporter)
  }

  /** An entry of this folder must be durable before the next row is recorded. */
  touched(folder: string): void {
    this.#folders.add(folder)
  }

  async add(row: DeliveryRow): Promise<void> {
    this.#rows.push(row)
    this.#catalog.state.set(unproven, noteOf(row), { ...row, facts: { ...row.facts } })
    if (this.#rows.length >= batch) await this.flush()
  }

  /** Resolves when all that was added before is durable and recorded. */
  flush(): Promise<void> {
    this.#last = this.#last.then(() => this.#write())
    return this.#last
  }

  async #write(): Promise<void> {
    const rows = this.#rows
    const folders = this.#folders
    if (rows.length === 0 && folders.size === 0) return
    this.#leaving = rows
    this.#rows = []
    this.#folders = new Set()
    for (const folder of folders) await syncFolder(folder)
    this.#catalog.transaction(() => {
      for (const row of rows) {
        this.#catalog.deliveries.put(row)
        this.#catalog.state.set(unproven, noteOf(row), undefined)
        this.#catalog.failures.clear(row.album, row.image, row.exporter)
        this.#catalog.failures.clear(row.album, row.image, '')
      }
    })
    this.#leaving = []
  }

  /** A run that came to its end needs nothing that an earlier one left. */
  forgetUnproven(): void {
    for (const key of this.#left.keys()) this.#catalog.state.set(unproven, key, undefined)
    this.#left.clear()
  }
}

function noteOf({ exporter, album, image }: DeliveryRow): string {
  return JSON.stringify([exporter, album, image])
}
