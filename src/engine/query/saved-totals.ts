import type { Catalog } from '../../catalog/catalog.ts'

/** Totals of the exporter with the most files, because each has its own copy of everything. */
export function savedTotals({ deliveries }: Catalog): { files: number; bytes: number } {
  const all = deliveries.exporters().map((name) => deliveries.totals(name))
  return all.reduce((most, each) => (each.files > most.files ? each : most), { files: 0, bytes: 0 })
}

/** Number of images announced by the account's albums that still exist. */
export function announcedInAlbums({ albums }: Catalog): number {
  let sum = 0
  for (const { goneAt, imageCount } of albums.all()) if (goneAt === undefined) sum += imageCount ?? 0
  return sum
}
