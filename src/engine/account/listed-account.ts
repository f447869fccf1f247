import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { type FileKey, fileId } from '../../catalog/file-key.ts'
import type { Delivered, ListedAlbum, ListedImage } from '../../exporter/types.ts'
import { albumFor, describeImage } from './describe.ts'

/** The whole account as listed, for the exporter `asking`, in an order that is stable between runs; one image in memory at a time. */
export async function* accountListing(
  catalog: Catalog,
  exportersWithBytes: readonly string[],
  asking: string,
): AsyncGenerator<ListedAlbum> {
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const albums = []
  for (const row of catalog.albums.all()) {
    if (row.goneAt === undefined) albums.push({ key: row.key, directory: albumFor(row, folders).directory.join('/') })
  }
  albums.sort((a, b) => (a.directory < b.directory ? -1 : 1))
  for (const { key } of albums) {
    const row = catalog.albums.get(key)
    if (row !== undefined)
      yield { album: albumFor(row, folders), images: () => albumListing(key, catalog, exportersWithBytes, asking) }
  }
}

/** The images of an album as last listed, in its order; one in memory at a time. */
export async function* albumListing(
  album: string,
  catalog: Catalog,
  exportersWithBytes: readonly string[],
  asking: string,
): AsyncGenerator<ListedImage> {
  const failures = new Map(catalog.failures.inAlbum(album).map((failure) => [fileId(failure), failure.reason]))
  const albumAccepted = catalog.accepted.reason(album)
  for (const row of catalog.listings.inOrder(album)) {
    const all = catalog.deliveries.inAlbumOf(row).filter(({ pending }) => !pending)
    const had = new Map(all.filter(({ facts }) => facts.sha256 !== '').map((delivery) => [delivery.exporter, delivery]))
    const returned = all.find(({ exporter }) => exporter === asking)?.delivery
    const file = [...exportersWithBytes, ...had.keys()].map((name) => had.get(name)?.facts).find(Boolean)
    const accepted = catalog.accepted.reason(row.image) ?? albumAccepted
    yield {
      image: describeImage(row),
      ...stateOf(had, exportersWithBytes, failures.get(fileId(row)), accepted),
      ...(file !== undefined && { file }),
      deliveries: withPlaces(had.values()),
      ...(returned !== undefined && { returned }),
    }
  }
}

/** Deliveries with bytes, by exporter; those in `waiting` are newer than the catalog and not yet recorded in it. */
export function deliveriesOf(
  key: FileKey,
  catalog: Catalog,
  waiting: readonly DeliveryRow[],
): Record<string, Delivered> {
  const newest = new Map([...catalog.deliveries.inAlbumOf(key), ...waiting].map((row) => [row.exporter, row]))
  return withPlaces([...newest.values()].filter(({ pending }) => !pending))
}

function stateOf(
  had: ReadonlyMap<string, unknown>,
  exportersWithBytes: readonly string[],
  failure: string | undefined,
  accepted: string | undefined,
): Pick<ListedImage, 'state' | 'reason'> {
  const isWanted = exportersWithBytes.length > 0
  const isThere = isWanted ? exportersWithBytes.every((name) => had.has(name)) : had.size > 0
  if (failure === undefined && isThere) return { state: 'delivered' }
  if (accepted !== undefined) return { state: 'accepted', reason: accepted }
  if (failure === undefined && !isWanted) return { state: 'listed' }
  return { state: 'failed', reason: failure ?? 'not downloaded yet' }
}

function withPlaces(rows: Iterable<DeliveryRow>): Record<string, Delivered> {
  const found: Record<string, Delivered> = {}
  for (const { exporter, delivery, facts } of rows) if (delivery !== undefined) found[exporter] = { delivery, facts }
  return found
}
