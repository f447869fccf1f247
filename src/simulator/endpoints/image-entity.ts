import { escapeHtml } from '../answer.ts'
import { originalOf, type StoredFile, stillOf } from '../files.ts'
import { photoUrl } from '../photo-url.ts'
import { pixelsOf } from '../picture.ts'
import { type Call, dateText, type Entity } from '../resource.ts'
import type { Album, Image, Rights } from '../world.ts'
import { userUri } from './addresses.ts'
import { utcIfPacific } from './pacific.ts'
import { rightsOf } from './visibility.ts'

/** An image by itself, or with an album as its `AlbumImage` (smugmug-api 4.4). */
export function imageEntity(image: Image, album: Album | undefined, call: Call): Entity {
  const { viewer, world } = call
  const byKey = `/api/v2/image/${image.key}-${image.serial}`
  const uri = album ? `/api/v2/album/${album.key}/image/${image.key}-${image.serial}` : byKey
  const home = album ?? image.albums[0]
  const rights = rightsOf(image, call.viewer)
  const fields: Record<string, unknown> = {
    Title: image.title,
    Caption: image.caption,
    Keywords: image.keywords.map((word) => (word.includes(' ') ? `"${word}"` : word)).join('; '),
    KeywordArray: image.keywords,
    Watermark: 'No',
    Latitude: image.gps ? image.gps.latitude.toFixed(12) : noCoordinate(image),
    Longitude: image.gps ? image.gps.longitude.toFixed(12) : noCoordinate(image),
    Altitude: Math.max(0, image.gps?.altitude ?? 0),
    Hidden: image.hidden,
    ThumbnailUrl: () => photoUrl(image, home, 'Th', 'jpg', call.photosOrigin),
    FileName: image.fileName,
    Processing: image.processing,
    UploadKey: String(9_800_000_000 + Math.floor(image.seed)),
    Date: dateText(image.uploadedAt),
    DateTimeUploaded: dateText(image.uploadedAt),
    Format: image.format,
    OriginalHeight: () => pixelsOf(image.seed).height,
    OriginalWidth: () => pixelsOf(image.seed).width,
    LastUpdated: dateText(image.updatedAt),
    Collectable: true,
    IsArchive: false,
    IsVideo: image.isVideo,
    ComponentFileTypes: image.components ?? componentFileTypes(image),
    CanEdit: viewer.isOwner,
    CanBuy: true,
    Protected: false,
    Status: image.status,
    SubStatus: image.subStatus,
    Watermarked: false,
    ImageKey: image.key,
    CanShare: true,
    Comments: true,
    ShowKeywords: true,
    FormattedValues: () => ({
      Caption: { html: escapeHtml(image.caption), text: image.caption },
      FileName: { html: escapeHtml(image.fileName), text: image.fileName },
    }),
    PreferredDisplayFileExtension: image.format,
  }
  if (home) fields.WebUri = `https://${world.user.nickName}.smugmug.com/gallery/n-${home.id}/i-${image.key}`
  const { capturedAt } = image
  if (capturedAt !== undefined) fields.DateTimeOriginal = () => dateText(utcIfPacific(capturedAt))
  const archived = archivedOf(image, rights)
  if (image.sizeGiven) fields.OriginalSize = () => (image.isVideo ? stillOf(image) : originalOf(image)).content.size
  // In some answers the serial is only at the end of the address (smugmug-api 4.4).
  if (!album || Math.floor(image.seed) % 16 !== 7) fields.Serial = image.serial
  if (album) Object.assign(fields, { AlbumKey: album.key, Movable: true, Origin: 'Album' })
  if (archived) {
    fields.ArchivedUri = () => photoUrl(image, home, 'D', archived().ext, call.photosOrigin)
    if (image.sizeGiven) fields.ArchivedSize = () => archived().content.size
    if (image.md5 !== 'absent') fields.ArchivedMD5 = () => (image.md5 === 'empty' ? '' : archived().md5())
  }
  const links: Record<string, string> = {
    ImageSizes: `${byKey}!sizes`,
    ImageSizeDetails: `${byKey}!sizedetails`,
    ImageOwner: userUri(world),
    ImageMetadata: `${byKey}!metadata`,
  }
  if (image.albums[0]) links.ImageAlbum = `/api/v2/album/${image.albums[0].key}`
  if (viewer.isOwner) links.ImageAlbums = `${byKey}!albums`
  if (rights !== 'none') links.LargestImage = `${byKey}!largestimage`
  if (rights === 'original' || rights === 'download') links.ImageDownload = `${byKey}!download`
  if (image.video) links.LargestVideo = `${byKey}!largestvideo`
  if (viewer.isOwner) links.Components = `/api/v2/library/asset/${image.key}!components`
  if (album) {
    links.Image = byKey
    links.Album = `/api/v2/album/${album.key}`
    links.AlbumImageMetadata = `${uri}!metadata`
    if (links.ImageDownload) links.AlbumImageDownload = `${uri}!download`
  }
  return { uri, about: album ? 'Image from album' : 'Image by key', fields, links }
}

/** With a RAW file the kinds of both; the service's format is unknown. */
function componentFileTypes({ companions, format, isVideo }: Image): unknown {
  const own = isVideo ? {} : { Image: [format.toLowerCase()] }
  const others = companions.map(({ fileName }) => fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase())
  if (others.length > 0) return { ...own, Raw: others }
  return isVideo ? [] : own
}

/** What `Archived*` describe: the upload, or the still of a video. Undefined without the right to it. */
function archivedOf(image: Image, rights: Rights): (() => StoredFile) | undefined {
  if (image.processing || rights === 'none') return undefined
  if (image.isVideo) return () => stillOf(image)
  return rights === 'original' ? () => originalOf(image) : undefined
}

/** No place is written in more than one way (smugmug-api 0.4). */
function noCoordinate(image: Image): string {
  return Math.floor(image.seed) % 2 === 0 ? '0' : '0.00000000000000'
}
