import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { type FileKey, fileId } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { syncFolder } from './fsync.ts'

/** Number of deliveries made durable and recorded together. */
const batch = 64

/**
 * Records deliveries in the catalog, never before they are durable. Files were synced before they got their names. Here the folders
 * that hold the names are synced, and then the transaction is committed. Until then each delivery is in the catalog as unsynced: the run after a
 * kill looks there for bytes, compares them, and fetches none again.
 */
export class Recorder {
  readonly #catalog: Catalog
  #rows: DeliveryRow[] = []
  /** On their way into the catalog. */
  #leaving: readonly DeliveryRow[] = []
  #folders = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** Whether something of this image, or of the same bytes, waits to be recorded. */
  isPending({ image, source }: Pick<ListingRow, 'image' | 'source'>): boolean {
    const md5 = source.kind === 'none' ? undefined : source.md5
    const isOfIt = (row: DeliveryRow) => row.image === image || row.facts.md5 === md5
    return this.#rows.some(isOfIt) || this.#leaving.some(isOfIt)
  }

  /** An exporter's delivery that is not recorded yet. */
  waitingOf(exporter: string): DeliveryRow[] {
    return [...this.#leaving, ...this.#rows].filter((row) => row.exporter === exporter)
  }

  /** All exporters' deliveries of a file that are not recorded yet, the newest last. */
  waitingFor(key: FileKey): DeliveryRow[] {
    return [...this.#leaving, ...this.#rows].filter((row) => row.album === key.album && fileId(row) === fileId(key))
  }

  /** An entry of this folder must be durable before the next row is recorded. */
  touched(folder: string): void {
    this.#folders.add(folder)
  }

  async add(row: DeliveryRow): Promise<void> {
    this.#rows.push(row)
    this.#catalog.deliveries.putUnsynced(row)
    if (this.#rows.length >= batch) await this.flush()
  }

  /** Resolves when everything added so far is durable and recorded. */
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
        // Delivered again meanwhile; the newer one waits for its own batch.
        if (this.#rows.some((newer) => isSameDelivery(newer, row))) this.#catalog.deliveries.put(row)
        else this.#catalog.deliveries.markSynced(row)
        this.#catalog.failures.clearDelivered(row)
      }
    })
    this.#leaving = []
  }
}

function isSameDelivery(a: DeliveryRow, b: DeliveryRow): boolean {
  return fileId(a) === fileId(b) && a.album === b.album && a.exporter === b.exporter
}
