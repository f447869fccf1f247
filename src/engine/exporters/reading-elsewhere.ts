import { bytes } from '../../byte-size.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Driver } from './driver.ts'

/** A sentence for each exporter whose pictures are read over the network, which may cost money. `share`: the number of parts of which one is read. */
export function costsOfReading(drivers: readonly Driver[], { deliveries }: Catalog, share = 1): string[] {
  return drivers.flatMap(({ name, keeps }) => {
    const size = keeps === 'elsewhere' ? Math.round(deliveries.totals(name).bytes / share) : 0
    if (size === 0) return []
    return [`Reads ${bytes(size)} from where ${name} keeps the pictures; its provider may charge for that.`]
  })
}
