import type { Catalog } from '../../catalog/catalog.ts'

/** Where an exporter keeps its pictures, in its own words: what its `Delivery.address` has before the path. Of one that is on SmugMug: others may have stayed where it kept them earlier. */
export function addressOf(exporter: string, { albums, deliveries }: Catalog): string | undefined {
  for (const { key, goneAt } of albums.all()) {
    if (goneAt !== undefined) continue
    for (const { delivery } of deliveries.present(key, exporter)) {
      if (delivery === undefined) continue
      const { address, path } = delivery
      if (typeof address === 'string' && address.endsWith(`/${path}`)) return address.slice(0, -`/${path}`.length)
    }
  }
  return undefined
}
