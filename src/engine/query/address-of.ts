import type { Catalog } from '../../catalog/catalog.ts'

/** Where an exporter keeps its pictures: its `Delivery.address` up to the path. From a picture on SmugMug, because others may be in an earlier place. */
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
