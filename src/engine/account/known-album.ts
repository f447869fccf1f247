import type { AlbumRow } from '../../catalog/albums.ts'
import { SmugdlError } from '../../error.ts'
import { albumOf } from '../../smugmug/api/album.ts'
import { type ListingParts, listAlbum } from './album-listing.ts'

/** As `listAlbum`, of an album as the walk left it in the catalog. One that is locked shows no images: its listing is incomplete. */
export async function listKnownAlbum(row: AlbumRow, parts: ListingParts): ReturnType<typeof listAlbum> {
  const { locked, imagesUri } = albumOf({ AlbumKey: row.key, ...row.raw }, 'catalog')
  if (!locked) return listAlbum({ key: row.key, imagesUri }, parts)
  const incomplete = new SmugdlError('item', {
    what: 'The album is locked: SmugMug shows its name but no images',
    item: row.name,
    next: 'Log in as its owner with full access, or remove its password',
  })
  return { incomplete }
}
