import { originalOf, renditionOf, type StoredFile, transcodeOf } from './files.ts'
import { albumsBelow, effectivePrivacy, foldersAbove, type Image, type World } from './world.ts'

/** One image in one album, and the best that can be had of it. */
export interface ListedImage {
  albumKey: string
  /** Display names of the folders above the album, outermost first. */
  folders: string[]
  album: string
  imageKey: string
  serial: number
  fileName: string
  isVideo: boolean
  processing: boolean
  available: 'original' | 'transcode' | 'rendition' | 'none'
  /** Bytes; 0 if nothing is available. */
  size: number
  /** Empty if nothing is available. */
  md5: string
}

/**
 * The expected contents of a backup: what the account lists to its owner, or to a token with `Access=Public`.
 * A locked album, whose images cannot be listed, contributes nothing.
 */
export function* listing(world: World, access: 'Full' | 'Public' = 'Full'): Generator<ListedImage> {
  for (const album of albumsBelow(world.root)) {
    if (album.locked || (access === 'Public' && (album.password || effectivePrivacy(album) !== 'Public'))) continue
    const folders = foldersAbove(album).map(({ name }) => name)
    for (const image of album.images) {
      if (access === 'Public' && image.hidden) continue
      const { available, file } = best(
        image,
        access === 'Full' || image.albums.some(({ allowDownloads }) => allowDownloads),
      )
      yield {
        albumKey: album.key,
        folders,
        album: album.name,
        imageKey: image.key,
        serial: image.serial,
        fileName: image.fileName,
        isVideo: image.isVideo,
        processing: image.processing,
        available,
        size: file?.content.size ?? 0,
        md5: file?.md5() ?? '',
      }
    }
  }
}

function best(image: Image, mayDownload: boolean): { available: ListedImage['available']; file?: StoredFile } {
  if (image.processing) return { available: 'none' }
  if (image.isVideo)
    return image.video ? { available: 'transcode', file: transcodeOf(image.video) } : { available: 'none' }
  if (image.rights === 'none') return { available: 'none' }
  if (image.rights === 'original' && mayDownload) return { available: 'original', file: originalOf(image) }
  return { available: 'rendition', file: renditionOf(image) }
}
