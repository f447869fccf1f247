import type { Catalog } from '../catalog/catalog.ts'
import type { Delivered, ListedAlbum, ListedImage } from '../exporter/types.ts'
import { describeImage } from './describe.ts'
import { albumFor } from './session.ts'

/** All that is known of the account, in an order that does not change between runs; one image in memory at a time. */
export async function* accountListing(
  catalog: Catalog,
  exportersWithBytes: readonly string[],
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
      yield { album: albumFor(row, folders), images: () => albumListing(key, catalog, exportersWithBytes) }
  }
}

/** The images of an album as it was last listed, in its order; one in memory at a time. */
export async function* albumListing(
  album: string,
  catalog: Catalog,
  exportersWithBytes: readonly string[],
): AsyncGenerator<ListedImage> {
  const failures = new Map(catalog.failures.inAlbum(album).map((failure) => [failure.image, failure.reason]))
  const albumAccepted = catalog.accepted.reason(album)
  for (const row of catalog.listings.inOrder(album)) {
    const deliveries = deliveriesOf(album, row.image, catalog)
    const failure = failures.get(row.image)
    const accepted = catalog.accepted.reason(row.image) ?? albumAccepted
    const isSafe = failure === undefined && exportersWithBytes.every((name) => deliveries[name] !== undefined)
    const reason = isSafe ? undefined : (accepted ?? failure ?? 'not downloaded yet')
    const state = isSafe ? 'delivered' : accepted !== undefined ? 'accepted' : 'failed'
    yield { image: describeImage(row), state, ...(reason !== undefined && { reason }), deliveries }
  }
}

/** By exporter, of those that have bytes to show. */
export function deliveriesOf(album: string, image: string, catalog: Catalog): Record<string, Delivered> {
  const found: Record<string, Delivered> = {}
  for (const { exporter, delivery, facts, pending } of catalog.deliveries.inAlbumOf(album, image)) {
    if (delivery !== undefined && !pending) found[exporter] = { delivery, facts }
  }
  return found
}
