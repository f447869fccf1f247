import type { Catalog } from '../../catalog/catalog.ts'

/** What is at home: of the exporter that has the most files, for each has its own copy of everything. */
export function savedTotals({ deliveries }: Catalog): { files: number; bytes: number } {
  const all = deliveries.exporters().map((name) => deliveries.totals(name))
  return all.reduce((most, each) => (each.files > most.files ? each : most), { files: 0, bytes: 0 })
}

/** How many images the albums of the account announce that are still there. */
export function announcedInAlbums({ albums }: Catalog): number {
  let sum = 0
  for (const { goneAt, imageCount } of albums.all()) if (goneAt === undefined) sum += imageCount ?? 0
  return sum
}
