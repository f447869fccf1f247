import type { Catalog } from '../../catalog/catalog.ts'
import type { ListedSource, ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { imageFileName } from '../../exporter/image-file-name.ts'
import { uniqueNames } from '../../exporter/unique-names.ts'
import type { Album } from '../../smugmug/api/album.ts'
import { type Image, imagesOf } from '../../smugmug/api/image.ts'
import { sourceOf, Unavailable } from '../../smugmug/api/source.ts'
import type { Api } from '../../smugmug/api.ts'

/** How many images wait for their sources at once. */
const slice = 100

export interface ListingParts {
  api: Api
  catalog: Catalog
  now: number
  /** Number of this run, to tell what it saw. */
  run: number
}

/**
 * Lists an album into the catalog and gives its images their names. Returns how many are newly gone from it, or the error that made
 * the listing incomplete: what came by then is in the catalog all the same, and nothing counts as gone.
 */
export async function listAlbum(
  album: { key: string; imagesUri: string },
  { api, catalog, now, run }: ListingParts,
): Promise<{ gone: number } | { incomplete: SmugdlError }> {
  let position = 0
  let incomplete: SmugdlError | undefined
  try {
    for await (const images of slices(imagesOf(api, album as Pick<Album, 'imagesUri'>), slice)) {
      const rows = await Promise.all(
        images.map((image, index) => listingRow(album.key, image, position + index, { api, catalog, now })),
      )
      position += images.length
      catalog.transaction(() => {
        for (const row of rows) catalog.listings.put(row, run)
      })
    }
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    incomplete = error
  }
  return catalog.transaction(() => {
    const gone = incomplete ? 0 : catalog.listings.markUnseenGone(album.key, run, now)
    giveNames(album.key, catalog)
    if (incomplete) {
      catalog.albums.distrust(album.key)
      return { incomplete }
    }
    catalog.albums.markListed(album.key, now)
    catalog.failures.clearGone(album.key)
    return { gone }
  })
}

async function listingRow(
  album: string,
  image: Image,
  position: number,
  { api, catalog, now }: Omit<ListingParts, 'run'>,
): Promise<Omit<ListingRow, 'name' | 'goneAt'>> {
  const source = knownSource(album, image, { catalog, now }) ?? (await findSource(api, image))
  const extension = source.kind === 'none' ? undefined : source.ext
  return {
    album,
    image: image.key,
    position,
    serial: image.serial,
    wantedName: imageFileName(image, extension),
    source,
    record: image.raw,
  }
}

/**
 * A source that takes requests to find is not looked for again while the image is the same: a rendition that was found, or a refusal
 * that is not yet due to be asked for again.
 */
function knownSource(
  album: string,
  image: Image,
  { catalog, now }: { catalog: Catalog; now: number },
): ListedSource | undefined {
  if (image.archived !== undefined || image.largestVideo !== undefined || image.processing) return undefined
  const before = catalog.listings.get(album, image.key)
  if (before === undefined || before.serial !== image.serial || before.record.LastUpdated !== image.raw.LastUpdated)
    return undefined
  if (before.source.kind === 'rendition') return before.source
  if (before.source.kind !== 'none' || before.source.processing) return undefined
  const failure = catalog.failures.get(album, image.key, '')
  return failure !== undefined && failure.dueAt > now ? before.source : undefined
}

/** Where the bytes are, or why there are none. */
export async function findSource(api: Api, image: Image): Promise<ListedSource> {
  try {
    const { kind, url, size, md5, ext } = await sourceOf(api, image)
    return {
      kind,
      url,
      ...(size !== undefined && { size }),
      ...(md5 !== undefined && { md5 }),
      ...(ext !== undefined && { ext }),
    }
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    return {
      kind: 'none',
      reason: error.what,
      ...(error.next !== undefined && { next: error.next }),
      heals: error instanceof Unavailable ? error.mayHeal : true,
      processing: error instanceof Unavailable && error.reason === 'processing',
    }
  }
}

/** Names are decided over the whole album, those that left it included, so that they depend on no order; a name once given stays. */
function giveNames(album: string, catalog: Catalog): void {
  const entries = catalog.listings.names(album)
  if (entries.every((entry) => entry.name !== undefined)) return
  const named = uniqueNames(
    entries.map(({ image, wantedName, name }) => ({ key: image, displayName: wantedName, given: name, isFile: true })),
  )
  for (const { image, name } of entries) {
    const given = named.get(image)
    if (given !== undefined && given !== name) catalog.listings.setName(album, image, given)
  }
}

async function* slices<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let some: T[] = []
  try {
    for await (const item of items) {
      some.push(item)
      if (some.length === size) {
        yield some
        some = []
      }
    }
  } catch (error) {
    // What came before a list broke off counts.
    if (some.length > 0) yield some
    throw error
  }
  if (some.length > 0) yield some
}
