import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'

/** Records in batches when files were verified. */
export class Verified {
  readonly #catalog: Catalog
  #rows: { row: DeliveryRow; at: number }[] = []

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  add(row: DeliveryRow, at: number): void {
    this.#rows.push({ row, at })
    if (this.#rows.length >= 500) this.flush()
  }

  flush(): void {
    const rows = this.#rows
    this.#rows = []
    if (rows.length === 0) return
    this.#catalog.transaction(() => {
      for (const { row, at } of rows) this.#catalog.deliveries.markVerified(row, at)
    })
  }
}
