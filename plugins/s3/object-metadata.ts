import { createHash } from 'node:crypto'
import { type Album, type FileFacts, type FileKind, fileIdOf, type Image } from '../../src/exporter/index.ts'
import type { About, Seen } from './objects.ts'

/** The metadata of an object that we wrote. */
export interface Mark {
  /** `encoded`, as is the album's key. */
  readonly image: string
  readonly album: string
  /** `encoded` nickname; undefined where no metadata says it. */
  readonly account: string | undefined
  readonly serial: number
  readonly facts: FileFacts
}

/**
 * Metadata of a picture, in ASCII, which is all that every store keeps as it is. `mtime`, seconds since 1970, is what rclone makes the file's
 * time of when it brings it home.
 */
export function metadataOf(
  image: Image,
  album: Album,
  account: string,
  { kind, md5, sha256, contentType }: FileFacts,
  mtime: number | undefined,
): Record<string, string> {
  return {
    'smugdl-image': encoded(fileIdOf(image)),
    'smugdl-album': encoded(album.key),
    'smugdl-account': encoded(account),
    'smugdl-serial': String(image.serial),
    'smugdl-kind': kind,
    'smugdl-type': contentType.replace(/[^\x20-\x7e]/g, ''),
    'smugdl-md5': md5,
    'smugdl-sha256': sha256,
    ...(mtime !== undefined && { mtime: String(mtime) }),
  }
}

/** Adds the object's path: an object that another program copied or moved names another path, and is not ours. */
export function placed<A extends About>(about: A, path: string): A {
  return { ...about, metadata: { ...about.metadata, [place]: placeOf(path) } }
}

export function isWhereWePutIt({ metadata }: Seen, path: string): boolean {
  return metadata[place] === placeOf(path)
}

const place = 'smugdl-place'

/** A path may exceed the length that some stores allow for a value. */
function placeOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32)
}

/** Undefined for an object that is not ours, or was changed while keeping our metadata. `isOpaque`: this store's ETags are not MD5s. */
export function markIn(seen: Seen, isOpaque: boolean): Mark | undefined {
  const { metadata, size, etag } = seen
  const { 'smugdl-image': image, 'smugdl-album': album, 'smugdl-md5': md5, 'smugdl-sha256': sha256 } = metadata
  if (image === undefined || album === undefined || md5 === undefined || sha256 === undefined) return undefined
  const isOfBytes = etag === md5 || /-\d+$/.test(etag) || isOpaque || seen.isOpaque
  if (!isOfBytes || !/^[0-9a-f]{32}$/.test(md5) || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const kind = kinds.find((one) => one === metadata['smugdl-kind']) ?? 'original'
  const contentType = metadata['smugdl-type'] ?? 'application/octet-stream'
  return {
    image,
    album,
    account: metadata['smugdl-account'],
    serial: Number(metadata['smugdl-serial']) || 0,
    facts: { kind, size, md5, sha256, contentType },
  }
}

const kinds: readonly FileKind[] = ['original', 'transcode', 'rendition']

/** Whether it is of this image in this album: one that is in two albums has an object in each. */
export function isOf({ image, album }: Mark, of: Image, inAlbum: Album): boolean {
  return image === encoded(fileIdOf(of)) && album === encoded(inAlbum.key)
}

/** The owner's keys, decoded; undefined if another program wrote something else there. */
export function ownerIn({ image, album }: Mark): { album: string; image: string; component: string } | undefined {
  const [, key, component = ''] = /^([a-z0-9]+)(?:%20(.+))?$/i.exec(image) ?? []
  if (key === undefined || !/^[a-z0-9]+$/i.test(album)) return undefined
  try {
    return { album, image: key, component: decodeURIComponent(component) }
  } catch {
    return undefined
  }
}

/** Encodes a value in ASCII, the only characters allowed in metadata. */
export const encoded = encodeURIComponent
