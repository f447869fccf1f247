import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import { albumPath } from '../account/album-filter.ts'
import { albumFor } from '../run/session.ts'

/** What the person decided to live without. */
export interface AcceptedItem {
  /** Of an image or an album. */
  key: string
  /** `folder/…/album`, or that and the file's name; undefined when no run knows it any more. */
  item: string | undefined
  reason: string
  /** Milliseconds since 1970. */
  acceptedAt: number
}

/**
 * Makes images and albums, by key, deliberate exclusions: they no longer count as failed. Their failures go. All or nothing: throws `usage`
 * for a key that no run has seen.
 */
export function accept(keys: readonly string[], reason: string, now: number, catalog: Catalog): void {
  catalog.transaction(() => {
    for (const key of keys) {
      const albums = albumsWith(key, catalog)
      if (albums.length === 0) throw unknownKey(key, allKeys(catalog), '"smugdl find" tells the keys')
      catalog.accepted.put({ key, reason, acceptedAt: now })
      for (const album of albums) {
        for (const failure of catalog.failures.inAlbum(album))
          if (key === album || key === failure.image) catalog.failures.clear(album, failure.image, failure.exporter)
      }
    }
  })
}

/** Takes that back: the next run asks for them again. All or nothing: throws `usage` for a key that was not accepted. */
export function takeBack(keys: readonly string[], catalog: Catalog): void {
  catalog.transaction(() => {
    for (const key of keys) {
      const accepted = catalog.accepted.all().map((item) => item.key)
      if (!catalog.accepted.remove(key)) throw unknownKey(key, accepted, '"smugdl accept" lists what was accepted')
    }
  })
}

/** All of them, by key. */
export function acceptedItems(catalog: Catalog): AcceptedItem[] {
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  return catalog.accepted.all().map(({ key, reason, acceptedAt }) => {
    const [album] = albumsWith(key, catalog)
    const row = album === undefined ? undefined : catalog.albums.get(album)
    const path = row && albumPath(albumFor(row, folders))
    const image = key === album || album === undefined ? undefined : catalog.listings.get(album, key)
    return { key, item: image === undefined ? path : `${path}/${image.name ?? image.wantedName}`, reason, acceptedAt }
  })
}

/** The album of this key, or the albums that list the image of this key. */
function albumsWith(key: string, { albums, listings }: Catalog): string[] {
  return albums.get(key) === undefined ? listings.albumsOf(key) : [key]
}

function* allKeys({ albums, listings }: Catalog): Generator<string> {
  for (const { key } of albums.all()) {
    yield key
    for (const { image } of listings.names(key)) yield image
  }
}

function unknownKey(key: string, known: Iterable<string>, next: string): SmugdlError {
  const meant = nearest(key, known)
  return new SmugdlError('usage', {
    what: 'No run knows an image or album with this key',
    item: key,
    next: `${meant === undefined ? '' : `Did you mean ${meant}? `}${next}`,
  })
}
