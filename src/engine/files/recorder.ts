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
  #waiting = new Batch()
  /** On their way into the catalog. */
  #leaving = new Batch()
  #folders = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** Whether something of this image, or of the same bytes, waits to be recorded. */
  isPending({ image, source }: Pick<ListingRow, 'image' | 'source'>): boolean {
    const md5 = source.kind === 'none' ? undefined : source.md5
    return [this.#leaving, this.#waiting].some(({ images, md5s }) => images.has(image) || md5s.has(md5))
  }

  /** Deliveries at a path that are not recorded yet, whatever exporter's. */
  waitingAt(path: string): DeliveryRow[] {
    return [this.#leaving, this.#waiting].flatMap(({ paths }) => paths.get(path) ?? [])
  }

  /** All exporters' deliveries of a file that are not recorded yet, the newest last. */
  waitingFor(key: FileKey): DeliveryRow[] {
    return [this.#leaving, this.#waiting].flatMap(({ files }) => files.get(placeOf(key)) ?? [])
  }

  /** An entry of this folder must be durable before the next row is recorded. */
  touched(folder: string): void {
    this.#folders.add(folder)
  }

  async add(row: DeliveryRow): Promise<void> {
    this.#waiting.add(row)
    this.#catalog.deliveries.putUnsynced(row)
    if (this.#waiting.rows.length >= batch) await this.flush()
  }

  /** Resolves when everything added so far is durable and recorded. */
  flush(): Promise<void> {
    this.#last = this.#last.then(() => this.#write())
    return this.#last
  }

  async #write(): Promise<void> {
    const { rows } = this.#waiting
    const folders = this.#folders
    if (rows.length === 0 && folders.size === 0) return
    this.#leaving = this.#waiting
    this.#waiting = new Batch()
    this.#folders = new Set()
    for (const folder of folders) await syncFolder(folder)
    this.#catalog.transaction(() => {
      for (const row of rows) {
        // Delivered again meanwhile; the newer one waits for its own batch.
        const newer = this.#waiting.files.get(placeOf(row)) ?? []
        if (newer.some(({ exporter }) => exporter === row.exporter)) this.#catalog.deliveries.put(row)
        else this.#catalog.deliveries.markSynced(row)
        this.#catalog.failures.clearDelivered(row)
      }
    })
    this.#leaving = new Batch()
  }
}

/** Deliveries in the order in which they came, and what each picture that is delivered meanwhile asks about them. */
class Batch {
  readonly rows: DeliveryRow[] = []
  readonly images = new Set<string>()
  readonly md5s = new Set<string | undefined>()
  readonly paths = new Map<string | undefined, DeliveryRow[]>()
  readonly files = new Map<string, DeliveryRow[]>()

  add(row: DeliveryRow): void {
    this.rows.push(row)
    this.images.add(row.image)
    this.md5s.add(row.facts.md5)
    append(this.paths, row.delivery?.path, row)
    append(this.files, placeOf(row), row)
  }
}

function append<Key>(map: Map<Key, DeliveryRow[]>, key: Key, row: DeliveryRow): void {
  const rows = map.get(key)
  if (rows === undefined) map.set(key, [row])
  else rows.push(row)
}

/** A file in an album, as the key of a map. */
function placeOf(key: FileKey): string {
  return `${key.album} ${fileId(key)}`
}
