import { join, posix } from 'node:path'
import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { FileKind } from '../../exporter/types.ts'
import { albumPath } from '../account/album-filter.ts'
import { albumFor, describeImage } from '../account/describe.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { isFileProof } from '../files/proof.ts'
import { searchMatcher } from './search-matcher.ts'

/** An image in an album, with its locations at home and on SmugMug. */
export interface Hit {
  imageKey: string
  albumKey: string
  /** `folder/…/album` in display names. */
  album: string
  /** Name at home, without its folders. */
  name: string
  /** As uploaded. */
  fileName: string
  title: string
  caption: string
  keywords: readonly string[]
  /** Empty if SmugMug does not say. */
  webUri: string
  /** First missed on SmugMug, milliseconds since 1970. */
  goneAt: number | undefined
  home: Place[]
  /** Other things that exporters have of it, such as a small copy or a line in a list. */
  also: Omit<Place, 'kind' | 'size' | 'verifiedAt'>[]
  /** Why it is not at home, if known. */
  reason: string | undefined
}

/** The location of an exporter's copy. */
interface Place {
  exporter: string
  /** Relative to the output. */
  path: string
  /** The absolute path, or the address if it is kept elsewhere. */
  file: string
  kind: FileKind
  /** Bytes. */
  size: number
  /** When every byte was last compared, milliseconds since 1970. */
  verifiedAt: number
}

/** What to look for; without any field, everything. */
export interface Search {
  /** As `searchMatcher` takes it. */
  asked?: string | undefined
  /** `asked` as a path relative to the output, if it is a path within it. */
  path?: string | undefined
  /** Only images that were downloaded in this form. */
  kind?: FileKind | undefined
}

/** The matching images, by album and name; one album's in memory at a time. */
export function* find({ asked, path, kind }: Search, output: string, catalog: Catalog): Generator<Hit> {
  const isMeant = asked === undefined ? () => true : searchMatcher(asked, path)
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const albums = [...catalog.albums.all()].map((row) => {
    const album = albumFor(row, folders)
    return { row, path: albumPath(album), description: album.description }
  })
  for (const album of albums.toSorted((a, b) => inOrder(a.path, b.path))) {
    const hits: Hit[] = []
    for (const { image, component } of catalog.listings.names(album.row.key)) {
      const listed = catalog.listings.get({ album: album.row.key, image, component })
      if (listed === undefined) continue
      const hit = hitOf(listed, album.row, album.path, output, catalog)
      if (kind !== undefined && !hit.home.some((place) => place.kind === kind)) continue
      if (isMeant(searched(hit, album.row.urlPath, album.description))) hits.push(hit)
    }
    yield* hits.toSorted((a, b) => inOrder(a.name, b.name))
  }
}

const { compare: inOrder } = new Intl.Collator('en', { numeric: true })

function hitOf(listed: ListingRow, { key }: AlbumRow, album: string, output: string, catalog: Catalog): Hit {
  const { fileName, title, caption, keywords, webUri = '' } = describeImage(listed)
  const home: Place[] = []
  const also: Hit['also'] = []
  for (const row of catalog.deliveries.inAlbumOf(listed)) {
    const { exporter, pending, delivery, facts, verifiedAt } = row
    if (pending || delivery === undefined) continue
    const path = posix.join(folderOf(exporter, catalog), delivery.path)
    const { address } = delivery
    const place = { exporter, path, file: typeof address === 'string' ? address : join(output, path) }
    if (holdsIt(row)) home.push({ ...place, kind: facts.kind, size: facts.size, verifiedAt })
    else also.push(place)
  }
  return {
    imageKey: listed.image,
    albumKey: key,
    album,
    name: listed.name ?? listed.wantedName,
    fileName,
    title,
    caption,
    keywords,
    webUri,
    goneAt: listed.goneAt,
    home,
    also,
    reason: home.length === 0 ? reasonOf(listed, catalog) : undefined,
  }
}

/** An archive counts as a copy, because its exporter may not be here to be asked. */
function holdsIt({ delivery, facts }: DeliveryRow): boolean {
  if (facts.sha256 === '') return false
  return !isFileProof(delivery) || (delivery.sha256 === facts.sha256 && delivery.size === facts.size)
}

function reasonOf({ album, image, component }: ListingRow, { accepted, failures }: Catalog): string | undefined {
  return (
    accepted.reason(image) ??
    accepted.reason(album) ??
    failures.inAlbum(album).find((failure) => failure.image === image && failure.component === component)?.reason
  )
}

function searched(hit: Hit, urlPath: string, description: string): Parameters<ReturnType<typeof searchMatcher>>[0] {
  const { imageKey, fileName, name, title, caption, keywords, album, home, also } = hit
  const texts = [fileName, name, title, caption, description, ...album.split('/')]
  return {
    imageKey,
    texts,
    keywords,
    paths: [`${album}/${name}`, ...[...home, ...also].map(({ path }) => path)],
    urlPath,
  }
}
