import type { Catalog } from '../../catalog/catalog.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import { albumPath } from '../account/album-filter.ts'
import { albumFor } from '../account/describe.ts'
import { pageAddress } from '../account/page-address.ts'

/** An item whose absence the user accepted. */
export interface AcceptedItem {
  /** Key of an image or an album. */
  key: string
  /** `folder/…/album`, or that and the file's name; undefined if it is no longer known. */
  item: string | undefined
  reason: string
  /** Milliseconds since 1970. */
  acceptedAt: number
  /** For an album that lists this many images fewer than it announces, if only that was accepted. */
  short?: number
}

/**
 * Accepts that images and albums, by key, are missing: they no longer count as failed, and their failures are removed. All or nothing: throws
 * `usage` for a key, or the address of a page, that no run has seen.
 */
export function accept(keys: readonly string[], reason: string, now: number, catalog: Catalog): void {
  catalog.transaction(() => {
    for (const given of keys) {
      const key = keyGiven(given, catalog)
      const albums = albumsWith(key, catalog)
      if (albums.length === 0) throw unknownKey(key, allKeys(catalog), '"smugdl find" shows the keys')
      const short = albums[0] === key ? shortOf(key, catalog) : 0
      catalog.accepted.put({ key, reason, acceptedAt: now, ...(short > 0 && { short }) })
      for (const album of albums) {
        for (const failure of catalog.failures.inAlbum(album))
          if (failure.image === (short > 0 ? '' : key === album ? failure.image : key))
            catalog.failures.clear(failure, failure.exporter)
      }
    }
  })
}

function failingWithName(name: string, { failures, listings }: Catalog): string | undefined {
  const keys = new Set<string>()
  for (const album of failures.albums())
    for (const failure of failures.inAlbum(album)) if (isNamed(listings.get(failure), name)) keys.add(failure.image)
  return onlyOne(keys)
}

function acceptedWithName(name: string, accepted: readonly string[], { listings }: Catalog): string | undefined {
  const isMeant = (image: string) =>
    listings.albumsOf(image).some((album) => isNamed(listings.get({ album, image }), name))
  return onlyOne(new Set(accepted.filter(isMeant)))
}

function isNamed(row: ListingRow | undefined, name: string): boolean {
  return row?.name?.toLowerCase() === name.toLowerCase()
}

function onlyOne(keys: ReadonlySet<string>): string | undefined {
  const [only, ...others] = keys
  return others.length === 0 ? only : undefined
}

/** Resolves a key, the address of a picture's or album's page, or the name of a failed picture, if only one has it, to a key. */
function keyGiven(text: string, catalog: Catalog): string {
  const { albums } = catalog
  const page = pageAddress(text)
  if (page === undefined)
    return (albumsWith(text, catalog).length > 0 ? undefined : failingWithName(text, catalog)) ?? text
  if (page.image !== undefined) return page.image
  for (const { key, urlPath } of albums.all()) if (urlPath.toLowerCase() === page.urlPath.toLowerCase()) return key
  return text
}

/**
 * For an album that failed because it lists fewer images than it announces, only the current difference is accepted: further missing images
 * and failures of its pictures are still reported. Throws `usage` for an album that lists none, because its list did not arrive.
 */
function shortOf(key: string, { albums, failures }: Catalog): number {
  const { short = 0, imageCount = 0 } = albums.get(key) ?? {}
  if (short === 0 || failures.get({ album: key, image: '' }, '') === undefined) return 0
  if (short < imageCount) return short
  throw new SmugdlError('usage', {
    what: `SmugMug announces ${short} ${short === 1 ? 'picture or video' : 'pictures and videos'} in this album but listed none, which stays a failure until that changes`,
    item: key,
    next: 'To do without the album, leave it out with --exclude',
  })
}

/**
 * Reverts `accept`: the items count as not safe again, so that the next run and `retry` try them. All or nothing: throws `usage` for a key
 * that was not accepted.
 */
export function takeBack(keys: readonly string[], now: number, catalog: Catalog): void {
  catalog.transaction(() => {
    for (const given of keys) {
      const accepted = catalog.accepted.all().map((item) => item.key)
      const key = acceptedWithName(given, accepted, catalog) ?? keyGiven(given, catalog)
      if (!catalog.accepted.remove(key)) throw unknownKey(key, accepted, '"smugdl accept" lists what was accepted')
      const again = {
        component: '',
        exporter: '',
        reason: 'It was accepted, and that was taken back',
        next: undefined,
        heals: true,
      }
      const times = { attempts: 0, failedAt: now, dueAt: now, namedIn: undefined }
      for (const album of albumsWith(key, catalog))
        if (catalog.deliveries.inAlbumOf({ album, image: key }).length === 0)
          catalog.failures.put({ album, image: key === album ? '' : key, ...again, ...times })
    }
  })
}

/** All accepted items, by key. */
export function acceptedItems(catalog: Catalog): AcceptedItem[] {
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  return catalog.accepted.all().map(({ key, reason, acceptedAt, short }) => {
    const [album] = albumsWith(key, catalog)
    const row = album === undefined ? undefined : catalog.albums.get(album)
    const path = row && albumPath(albumFor(row, folders))
    const image = key === album || album === undefined ? undefined : catalog.listings.get({ album, image: key })
    const item = image === undefined ? path : `${path}/${image.name ?? image.wantedName}`
    return { key, item, reason, acceptedAt, ...(short !== undefined && { short }) }
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
    what: 'No run has seen a picture, a video or an album with this key',
    item: key,
    next: `${meant === undefined ? '' : `Did you mean ${meant}? `}${next}`,
  })
}
