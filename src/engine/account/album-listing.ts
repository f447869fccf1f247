import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ListedSource, ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { imageFileName } from '../../exporter/image-file-name.ts'
import { albumsByKey, storedAlbumOf } from '../../smugmug/api/album.ts'
import { type Image, imagesOf } from '../../smugmug/api/image.ts'
import type { AlbumKey } from '../../smugmug/api/keys.ts'
import type { SmallCopies } from '../../smugmug/api/small-copy.ts'
import { sourceOf, Unavailable } from '../../smugmug/api/source.ts'
import { RAW } from '../../smugmug/api/source-files.ts'
import type { Api } from '../../smugmug/api.ts'
import { giveNames } from './given-names.ts'
import { type NewRow, untold } from './raw-file-rows.ts'
import type { RawFiles } from './raw-files.ts'

/** Maximum number of images whose sources are determined in parallel. */
const slice = 25

export interface ListingParts {
  api: Api
  catalog: Catalog
  now: number
  /** Number of this run, which marks the rows that it saw. */
  run: number
  /** Requests the files that SmugMug keeps with images. */
  raw: RawFiles
  /** The name of an image at home, if the catalog that recorded it was lost. */
  nameAtHome?(image: ListingRow): string | undefined
  /** Called with each image already in the catalog before the list is complete; twice if the list is read a second time. */
  onListed?(rows: readonly NewRow[]): void
  /** Called with the small copies of each image; if absent, they are not requested. */
  onSmallCopies?(album: string, image: string, copies: SmallCopies): void
}

/**
 * The result of listing an album. If complete: the number of images newly gone, and how many fewer it has than SmugMug announces, if the
 * user accepted that. Otherwise the error that made it incomplete; the images received are still stored, and none counts as gone.
 */
export type Listed = { gone: number; short: number } | { incomplete: SmugdlError }

/** The error for an album whose list ended twice with fewer images than SmugMug announces. */
export class Short extends SmugdlError {
  readonly announced: number
  readonly listed: number

  constructor({ key, name }: AlbumRow, announced: number, listed: number) {
    super('item', {
      what: `SmugMug announces ${announced} ${announced === 1 ? 'picture or video' : 'pictures and videos'} in the album but lists ${listed === 0 ? 'none' : listed}`,
      item: name,
      next:
        listed === 0
          ? 'The next run lists it again'
          : `The next run lists it again; if that is all there is, "smugdl accept ${key}" says so`,
    })
    this.announced = announced
    this.listed = listed
  }
}

/**
 * Lists an album of the catalog into the catalog, and gives its images their names. A locked album shows no images, so its listing is
 * incomplete.
 */
export async function listAlbum(row: AlbumRow, parts: ListingParts): Promise<Listed> {
  const { api, catalog, now, run } = parts
  const { key } = row
  const { locked, imagesUri } = storedAlbumOf({ AlbumKey: key, ...row.raw }, 'catalog')
  if (locked) return { incomplete: lockedAlbum(row) }
  const beganAt = api.now()
  let short = 0
  let incomplete = await readImages(key, imagesUri, parts)
  if (incomplete === undefined && catalog.listings.countSeen(key, run) < (row.imageCount ?? 0)) {
    incomplete = await readImages(key, imagesUri, parts)
    const listed = catalog.listings.countSeen(key, run)
    // Since the walk some may have been deleted.
    const announced = await announcedNow(row, api)
    short = Math.max(0, announced - listed)
    const isAccepted = listed > 0 && catalog.accepted.shortReason(key, short) !== undefined
    if (short > 0 && !isAccepted) incomplete ??= new Short(row, announced, listed)
  }
  return catalog.transaction(() => {
    const gone = incomplete ? 0 : catalog.listings.markUnseenGone(key, run, now)
    giveNames(key, catalog, parts.nameAtHome)
    if (incomplete) {
      catalog.albums.distrust(key, incomplete instanceof Short ? short : 0)
      return { incomplete }
    }
    if (isOlder(row, beganAt)) catalog.albums.markListed(key, now, short)
    else catalog.albums.distrust(key, short)
    catalog.failures.clearGone(key)
    return { gone, short }
  })
}

/** Reads the list into the catalog; returns the error that ended it. */
async function readImages(
  album: string,
  imagesUri: string,
  { api, catalog, now, run, raw, onListed, onSmallCopies }: ListingParts,
): Promise<SmugdlError | undefined> {
  let position = 0
  const companions = raw.listing(album)
  try {
    for await (const images of slices(
      imagesOf(api, { imagesUri }, { withSmallCopies: onSmallCopies !== undefined }),
      slice,
    )) {
      const rows = await Promise.all(
        images.map(async (image, index) => {
          const row = await listingRow(album, image, position + index, { api, catalog, now })
          const asked = await companions.of(image, row)
          return asked === 'known' ? { row, rows: [], isKnown: true } : { row, isKnown: false, ...asked }
        }),
      )
      position += images.length
      for (const { key, smallCopies } of images) if (smallCopies !== undefined) onSmallCopies?.(album, key, smallCopies)
      catalog.transaction(() => {
        for (const { row, record = row.record, rows: beside, isKnown } of rows) {
          if (isKnown || beside.some(({ component }) => component === untold))
            catalog.listings.keepComponents(album, row.image, { seen: run, since: raw.startedAt })
          for (const each of [{ ...row, record }, ...beside]) catalog.listings.put(each, run)
        }
      })
      onListed?.(rows.flatMap(({ row, rows: beside }) => [row, ...beside]))
    }
    companions.done()
    return undefined
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    return error
  }
}

async function announcedNow({ key, imageCount = 0 }: AlbumRow, api: Api): Promise<number> {
  for await (const [, album] of albumsByKey(api, [key as AlbumKey]))
    if (album !== undefined && !(album instanceof SmugdlError)) return album.imageCount ?? imageCount
  return imageCount
}

/**
 * Whether an album's last change is clearly older than a listing that began then, by SmugMug's own clock. Its times are whole seconds: a
 * second change within the listed second would not show; and a list may lag by minutes (real-answers 4.1).
 */
function isOlder({ lastUpdated = '', imagesLastUpdated = '' }: AlbumRow, listedAt: number): boolean {
  return [lastUpdated, imagesLastUpdated].every((time) => !(Date.parse(time) > listedAt - settledMs))
}

const settledMs = 5 * 60_000

function lockedAlbum({ name }: AlbumRow): SmugdlError {
  return new SmugdlError('item', {
    what: 'The album is locked: SmugMug shows its name but no images',
    item: name,
    next: 'Log in as its owner with full access, or remove its password',
  })
}

async function listingRow(
  album: string,
  image: Image,
  position: number,
  { api, catalog, now }: Pick<ListingParts, 'api' | 'catalog' | 'now'>,
): Promise<NewRow> {
  const source = knownSource(album, image, { catalog, now }) ?? (await findSource(api, image))
  const extension = source.kind === 'none' ? undefined : (source.ext ?? typeUnderRawName(image))
  return {
    album,
    image: image.key,
    component: '',
    position,
    serial: image.serial,
    wantedName: imageFileName(image, extension),
    source,
    record: image.raw,
  }
}

/** Corrects the extension of a JPEG made from a RAW file and named like it: no program would open it under that name. */
function typeUnderRawName({ fileName, format }: Image): string | undefined {
  return RAW.test(fileName) && /^(jpg|png|gif)$/i.test(format) ? format : undefined
}

/**
 * A source that costs requests to find is reused while the image is unchanged: a rendition that was found, or a refusal whose next attempt
 * is not yet due.
 */
function knownSource(
  album: string,
  image: Image,
  { catalog, now }: { catalog: Catalog; now: number },
): ListedSource | undefined {
  if (image.archived !== undefined || image.largestVideo !== undefined || image.processing) return undefined
  const before = catalog.listings.get({ album, image: image.key })
  if (before === undefined || before.serial !== image.serial || before.record.LastUpdated !== image.raw.LastUpdated)
    return undefined
  if (before.source.kind === 'rendition') return before.source
  if (before.source.kind !== 'none' || before.source.processing) return undefined
  const failure = catalog.failures.get({ album, image: image.key }, '')
  return failure !== undefined && failure.dueAt > now ? before.source : undefined
}

/** The location of the bytes, or why there are none. */
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
    // Images received before a list broke off count.
    if (some.length > 0) yield some
    throw error
  }
  if (some.length > 0) yield some
}
