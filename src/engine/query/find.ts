import { posix } from 'node:path'
import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { imageOf } from '../../smugmug/api/image.ts'
import { albumPath } from '../account/album-filter.ts'
import { globMatcher } from '../account/glob.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { albumFor } from '../run/session.ts'

/** An image in an album: where it is at home, and on SmugMug. */
export interface Hit {
  imageKey: string
  albumKey: string
  /** `folder/…/album` in display names. */
  album: string
  /** At home, without its folders. */
  name: string
  /** As uploaded. */
  fileName: string
  title: string
  caption: string
  /** Empty where SmugMug does not tell. */
  webUri: string
  /** First missed on SmugMug, milliseconds since 1970. */
  goneAt: number | undefined
  home: Place[]
  /** Why it is not at home, as far as that is known. */
  reason: string | undefined
}

/** Where an exporter has it: relative to the output. */
interface Place {
  exporter: string
  path: string
  /** Bytes. */
  size: number
  /** When every byte was last compared, milliseconds since 1970. */
  verifiedAt: number
}

/**
 * The images of which key, file name, title, caption, `folder/…/album/name` or path at home matches. In the order of the albums' addresses;
 * one album's names in memory at a time.
 */
export function* find(glob: string, catalog: Catalog): Generator<Hit> {
  const isMeant = globMatcher(glob)
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  for (const row of catalog.albums.all()) {
    const album = albumPath(albumFor(row, folders))
    for (const { image, component } of catalog.listings.names(row.key)) {
      const listed = catalog.listings.get({ album: row.key, image, component })
      if (listed === undefined) continue
      const hit = hitOf(listed, row, album, catalog)
      if (namesOf(hit).some(isMeant)) yield hit
    }
  }
}

function hitOf(listed: ListingRow, { key }: AlbumRow, album: string, catalog: Catalog): Hit {
  const { fileName, title, caption, webUri } = imageOf(listed.record, 'catalog')
  const home: Place[] = []
  for (const { exporter, pending, delivery, facts, verifiedAt } of catalog.deliveries.inAlbumOf(listed)) {
    if (pending || delivery === undefined) continue
    const path = posix.join(folderOf(exporter, catalog), delivery.path)
    home.push({ exporter, path, size: facts.size, verifiedAt })
  }
  return {
    imageKey: listed.image,
    albumKey: key,
    album,
    name: listed.name ?? listed.wantedName,
    fileName,
    title,
    caption,
    webUri,
    goneAt: listed.goneAt,
    home,
    reason: home.length === 0 ? reasonOf(listed, catalog) : undefined,
  }
}

function reasonOf({ album, image }: ListingRow, { accepted, failures }: Catalog): string | undefined {
  return (
    accepted.reason(image) ??
    accepted.reason(album) ??
    failures.inAlbum(album).find((failure) => failure.image === image)?.reason
  )
}

/** A text is one name: its slashes part nothing. */
function namesOf({ imageKey, fileName, name, title, caption, album, home }: Hit): string[] {
  const texts = [title, caption].filter((text) => text !== '').map((text) => text.replaceAll('/', ' '))
  return [imageKey, fileName, name, ...texts, `${album}/${name}`, ...home.map(({ path }) => path)]
}
