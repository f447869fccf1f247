import { SmugdlError } from '../../error.ts'
import { type Api, recordsOf } from '../api.ts'
import { HttpError } from '../transport/http-error.ts'
import { listed } from './complete-list.ts'
import { count, type Fields, instant, readRecord, someFlag, someText, text, uris } from './fields.ts'
import { type AlbumKey, albumKey, nodeId } from './keys.ts'
import type { User } from './user.ts'
import { smallWithoutSecrets } from './without-secrets.ts'

/** An album (smugmug-api 4.3). */
export type Album = ReturnType<typeof albumOf>

/** All albums of the account at any depth, each once, in no promised order. Throws `ListingIncomplete` as `imagesOf` does. */
export async function* albumsOf(api: Api, user: Pick<User, 'albumsUri'>): AsyncGenerator<Album> {
  yield* listed(api, user.albumsUri, { count: 100, trim: albumTrim }, albumOf, (album) => album.key)
}

/**
 * The albums of these keys, in no promised order, a slice of the keys at a time: `undefined` if SmugMug no longer has one, an error of kind
 * `item` if that is unknown. Requests many at once, then one by one those that the answer leaves out.
 */
export async function* albumsByKey(
  api: Api,
  keys: Iterable<AlbumKey>,
): AsyncGenerator<[key: AlbumKey, album: Album | undefined | SmugdlError]> {
  for (const slice of slices([...new Set(keys)])) {
    const missing = new Set(slice)
    if (slice.length > 1) {
      for (const album of await severalAlbums(api, slice)) {
        if (missing.delete(album.key)) yield [album.key, album]
      }
    }
    for (const key of missing) yield [key, await oneAlbum(api, key)]
  }
}

/** An address of 792 keys was refused, one of 350 was not (smugmug-api 6.3). */
const KEYS_AT_ONCE = 50

export const albumTrim = {
  _filter: [
    'AlbumKey,NodeID,Name,UrlName,UrlPath,WebUri,Description,Keywords,ImageCount,ImagesLastUpdated,LastUpdated,Date',
    'Privacy,SecurityType,ResponseLevel,AllowDownloads,SortMethod,SortDirection,OriginalSizes,TotalSizes,LargestSize',
    'MaxPhotoDownloadSize,HighlightAlbumImageUri,Protected,EXIF,Geography,Filenames,Uri,Uris',
  ].join(),
  _filteruri: 'AlbumImages,Node,Folder',
}

export const AlbumRecord = {
  AlbumKey: albumKey,
  NodeID: (value: unknown) => (typeof value === 'string' && value !== '' ? nodeId(value) : undefined),
  Name: text,
  UrlName: text,
  UrlPath: text,
  WebUri: text,
  Description: text,
  Keywords: text,
  ImageCount: count,
  ImagesLastUpdated: instant,
  LastUpdated: instant,
  Privacy: someText,
  SecurityType: someText,
  ResponseLevel: text,
  AllowDownloads: someFlag,
  SortMethod: someText,
  SortDirection: someText,
  Uris: uris,
} satisfies Fields

export function albumOf(record: unknown, address: string) {
  return Object.assign(storedAlbumOf(record, address), { raw: smallWithoutSecrets(record, address) })
}

/** As `albumOf`, for a stored record, whose secrets were already removed. */
export function storedAlbumOf(record: unknown, address: string) {
  const album = readRecord(AlbumRecord, record, address)
  return {
    key: album.AlbumKey,
    nodeId: album.NodeID,
    /** As the user wrote it; may hold anything, never a path. */
    name: album.Name,
    urlName: album.UrlName,
    /** Slugs from the root: `/Travel/2024/Rome`. Moves with every rename. */
    urlPath: album.UrlPath,
    webUri: album.WebUri,
    description: album.Description,
    keywords: album.Keywords,
    imageCount: album.ImageCount,
    /** Instants as SmugMug writes them; equal means unchanged, newer proves nothing (smugmug-api 9.6). */
    imagesLastUpdated: album.ImagesLastUpdated,
    lastUpdated: album.LastUpdated,
    /** `Public`, `Unlisted`, `Private`; the owner sees it. */
    privacy: album.Privacy,
    /** `None`, `Password`, `GrantAccess`. */
    security: album.SecurityType,
    /** Only a stub was shown, without images: a password is missing. */
    locked: album.ResponseLevel === 'Password',
    allowDownloads: album.AllowDownloads,
    sortMethod: album.SortMethod,
    sortDirection: album.SortDirection,
    imagesUri: album.Uris.AlbumImages ?? `/api/v2/album/${album.AlbumKey}!images`,
  }
}

/** The albums that one request for several keys returns; none if SmugMug rejects it, so that each is requested by itself. */
async function severalAlbums(api: Api, keys: readonly AlbumKey[]): Promise<Album[]> {
  try {
    const envelope = await api.get(`/api/v2/album/${keys.join()}`, { _verbosity: '1', ...albumTrim })
    return recordsOf(envelope).map((record) => albumOf(record, envelope.address))
  } catch (error) {
    if (error instanceof SmugdlError && error.kind === 'item') return []
    throw error
  }
}

async function oneAlbum(api: Api, key: AlbumKey): Promise<Album | undefined | SmugdlError> {
  try {
    const { payload, address } = await api.get(`/api/v2/album/${key}`, { _verbosity: '1', ...albumTrim }, 'record')
    const album = albumOf(payload, address)
    return album.key === key
      ? album
      : new SmugdlError('item', { what: 'SmugMug answers with another album', item: address })
  } catch (error) {
    if (error instanceof HttpError && (error.status === 404 || error.status === 410)) return undefined
    if (error instanceof SmugdlError && error.kind === 'item') return error
    throw error
  }
}

function* slices(keys: readonly AlbumKey[]): Generator<readonly AlbumKey[]> {
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) yield keys.slice(at, at + KEYS_AT_ONCE)
}
