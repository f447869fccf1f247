import { escapeHtml } from '../answer.ts'
import { originalOf, renditionOf, transcodeOf } from '../files.ts'
import { photoUrl } from '../photo-url.ts'
import { pixelsOf } from '../picture.ts'
import { type Call, dateText, type Endpoint, type Entity, type Found, listOf, NOT_FOUND } from '../resource.ts'
import type { Album, Image, Rights } from '../world.ts'
import { albumEntity } from './albums.ts'
import { utcIfPacific } from './pacific.ts'
import { isListed, isLocked, isReachable } from './visibility.ts'

/** Images, in albums and by themselves, and their files (smugmug-api 4.4, 4.7, 4.8). */
export const imageEndpoints: Record<string, Endpoint> = {
  image: {
    locator: 'Image',
    type: 'Image',
    about: 'Image by key',
    find(call) {
      if (call.ids.length === 1) return withImage(call, '', (image) => ({ one: imageEntity(image, undefined, call) }))
      const images = call.ids.map((id) => imageOf(call, id)).filter((image) => image !== undefined)
      return images.length === 0 ? NOT_FOUND : { many: images.map((image) => imageEntity(image, undefined, call)) }
    },
  },
  'album/image': {
    locator: 'AlbumImage',
    type: 'AlbumImage',
    about: 'Image from album',
    find: (call) => withAlbumImage(call, (image, album) => ({ one: imageEntity(image, album, call) })),
  },
  'image!metadata': imageAction('ImageMetadata', 'Metadata for image', metadataFields),
  'image!sizes': imageAction('ImageSizes', 'Sizes available for image', sizesFields),
  'image!sizedetails': imageAction('ImageSizeDetails', 'Detailed size information for image', sizeDetailsFields),
  'image!largestimage': imageAction('LargestImage', 'Largest size available for image', largestImageFields),
  'image!largestvideo': imageAction('LargestVideo', 'Largest size available for video', largestVideoFields),
  'image!download': imageAction('ImageDownload', 'Download image', downloadFields),
  'album/image!metadata': imageAction('AlbumImageMetadata', 'Metadata for AlbumImage', metadataFields),
  'album/image!download': imageAction('AlbumImageDownload', 'Download the image from the album', downloadFields),
  'image!albums': {
    locator: 'Album',
    type: 'ImageAlbums',
    about: 'Albums the image is included in',
    pageSize: 10,
    find: (call) =>
      withImage(call, '!albums', (image) => {
        const albums = image.albums.filter((album) => isListed(album, call.viewer))
        return {
          list: listOf(
            albums,
            (album) => album.key,
            (album) => albumEntity(album, call),
          ),
        }
      }),
  },
}

export function imageEntity(image: Image, album: Album | undefined, call: Call): Entity {
  const { viewer, world } = call
  const byKey = `/api/v2/image/${image.key}-${image.serial}`
  const uri = album ? `/api/v2/album/${album.key}/image/${image.key}-${image.serial}` : byKey
  const home = album ?? image.albums[0]
  const rights = rightsOf(image, call)
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
    ComponentFileTypes: image.isVideo ? [] : { Image: [image.format.toLowerCase()] },
    CanEdit: viewer.isOwner,
    CanBuy: true,
    Protected: false,
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
  if (image.sizeGiven) fields.OriginalSize = () => originalOf(image).content.size
  // In some answers the serial is only at the end of the address (smugmug-api 4.4).
  if (!album || Math.floor(image.seed) % 16 !== 7) fields.Serial = image.serial
  if (viewer.isOwner) Object.assign(fields, { Status: image.status, SubStatus: image.subStatus })
  if (album) Object.assign(fields, { AlbumKey: album.key, Movable: true, Origin: 'Album' })
  if (rights === 'original' && !image.processing) {
    fields.ArchivedUri = () => photoUrl(image, home, 'D', originalOf(image).ext, call.photosOrigin)
    if (image.sizeGiven) fields.ArchivedSize = () => originalOf(image).content.size
    if (image.md5 !== 'absent') fields.ArchivedMD5 = () => (image.md5 === 'empty' ? '' : originalOf(image).md5())
  }
  const links: Record<string, string> = {
    ImageSizes: `${byKey}!sizes`,
    ImageSizeDetails: `${byKey}!sizedetails`,
    ImageOwner: `/api/v2/user/${encodeURIComponent(world.user.nickName)}`,
    ImageMetadata: `${byKey}!metadata`,
  }
  if (image.albums[0]) links.ImageAlbum = `/api/v2/album/${image.albums[0].key}`
  if (viewer.isOwner) links.ImageAlbums = `${byKey}!albums`
  if (rights !== 'none') links.LargestImage = `${byKey}!largestimage`
  if (rights === 'original' || rights === 'download') links.ImageDownload = `${byKey}!download`
  if (image.video) links.LargestVideo = `${byKey}!largestvideo`
  if (album) {
    links.Image = byKey
    links.Album = `/api/v2/album/${album.key}`
    links.AlbumImageMetadata = `${uri}!metadata`
    if (links.ImageDownload) links.AlbumImageDownload = `${uri}!download`
  }
  return { uri, about: album ? 'Image from album' : 'Image by key', fields, links }
}

/** What may be had of an image by whom: a visitor gets no more than the album allows. */
export function rightsOf(image: Image, { viewer }: Pick<Call, 'viewer'>): Rights {
  const allowed = viewer.isOwner || image.albums.some((album) => album.allowDownloads)
  return image.rights === 'none' || allowed ? image.rights : 'largest'
}

/** An object that tells about one image; `fields` gives nothing if the image has none. */
function imageAction(
  name: string,
  about: string,
  fields: (image: Image, call: Call) => Record<string, unknown> | undefined,
): Endpoint {
  const find = (image: Image, call: Call, uri: string): Found => {
    const told = fields(image, call)
    return told ? { one: { uri, about, fields: told, links: {} } } : NOT_FOUND
  }
  const action = `!${name.replace(/^(Album)?Image(?!$)/, '').toLowerCase()}`
  return {
    locator: name,
    type: name,
    about,
    find: (call) =>
      name.startsWith('Album')
        ? withAlbumImage(call, (image, album) =>
            find(image, call, `/api/v2/album/${album.key}/image/${image.key}-${image.serial}${action}`),
          )
        : withImage(call, action, (image) => find(image, call, `/api/v2/image/${image.key}-${image.serial}${action}`)),
  }
}

/** An image by `KEY-SERIAL`. Without serial, or with an old one, the object has a new address (smugmug-api 0.7). */
function withImage(call: Call, action: string, found: (image: Image) => Found): Found {
  const id = call.ids[0] ?? ''
  const image = imageOf(call, id)
  if (!image) return NOT_FOUND
  const serial = /-(\d+)$/.exec(id)?.[1]
  if (serial !== undefined && Number(serial) > image.serial) return NOT_FOUND
  if (Number(serial ?? -1) !== image.serial) return { moved: `/api/v2/image/${image.key}-${image.serial}${action}` }
  return found(image)
}

function withAlbumImage(call: Call, found: (image: Image, album: Album) => Found): Found {
  const [albumKey = '', id = ''] = call.ids
  const album = call.world.albums.get(albumKey)
  const image = imageOf(call, id)
  if (!album || !image?.albums.includes(album) || !isReachable(album, call.viewer)) return NOT_FOUND
  return isLocked(album, call.viewer) ? { refused: 403 } : found(image, album)
}

function imageOf({ world, viewer }: Call, id: string): Image | undefined {
  const image = world.images.get(id.replace(/-\d+$/, ''))
  const isSeen = image?.albums.some((album) => isReachable(album, viewer) && !isLocked(album, viewer))
  return isSeen && (viewer.isOwner || !image?.hidden) ? image : undefined
}

/** No place is written in more than one way (smugmug-api 0.4). */
function noCoordinate(image: Image): string {
  return Math.floor(image.seed) % 2 === 0 ? '0' : '0.00000000000000'
}

function downloadFields(image: Image, call: Call): Record<string, unknown> | undefined {
  const rights = rightsOf(image, call)
  if (rights === 'original')
    return { Url: photoUrl(image, image.albums[0], 'D', originalOf(image).ext, call.photosOrigin) }
  return rights === 'download' ? { Url: photoUrl(image, image.albums[0], 'O', 'jpg', call.photosOrigin) } : undefined
}

function largestImageFields(image: Image, call: Call): Record<string, unknown> | undefined {
  return rightsOf(image, call) === 'none' ? undefined : renditionFields(image, 'X2', call)
}

function renditionFields(image: Image, code: string, call: Call): Record<string, unknown> {
  const rendition = renditionOf(image)
  return {
    Url: photoUrl(image, image.albums[0], code, rendition.ext, call.photosOrigin),
    Ext: rendition.ext,
    ...sizeInPixels(image.seed),
    ...(image.sizeGiven ? { Size: rendition.content.size } : {}),
    ...(image.md5 === 'given' ? { MD5: rendition.md5() } : {}),
    Usable: true,
    Watermarked: false,
  }
}

function largestVideoFields(image: Image, call: Call): Record<string, unknown> | undefined {
  const { video } = image
  if (!video) return undefined
  const { content, md5 } = transcodeOf(video)
  return {
    Url: photoUrl(image, image.albums[0], '1920', video.ext, call.photosOrigin),
    Ext: video.ext,
    Width: 1920,
    Height: 1080,
    ...(video.sizeGiven ? { Size: content.size } : {}),
    ...(video.md5 === 'absent' ? {} : { MD5: video.md5 === 'empty' ? '' : md5() }),
    Usable: true,
    Watermarked: false,
    Duration: video.durationSeconds,
    Bitrate: (content.size * 8) / video.durationSeconds,
  }
}

function sizesFields(image: Image, call: Call): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, code] of Object.entries({ Tiny: 'Ti', Thumb: 'Th', Medium: 'M', X2Large: 'X2', Largest: 'X2' }))
    fields[`${name}ImageUrl`] = photoUrl(image, image.albums[0], code, 'jpg', call.photosOrigin)
  if (image.video) fields.LargestVideoUrl = photoUrl(image, image.albums[0], '1920', image.video.ext, call.photosOrigin)
  return fields
}

function sizeDetailsFields(image: Image, call: Call): Record<string, unknown> {
  const details: Record<string, unknown> = {}
  if (rightsOf(image, call) !== 'none') details.ImageSizeX2Large = renditionFields(image, 'X2', call)
  const video = largestVideoFields(image, call)
  if (video) details.VideoSize1920 = video
  return { UsableSizes: Object.keys(details), ...details }
}

/** All texts, empty where nothing is known; the camera's own time (smugmug-api 4.8). */
function metadataFields(image: Image): Record<string, unknown> {
  const texts = Object.fromEntries(METADATA_TEXTS.map((name) => [name, '']))
  return {
    ...texts,
    Title: image.title,
    Caption: image.caption,
    Keywords: image.keywords.join('; '),
    DateTimeCreated: image.capturedAt ?? '',
    DateTimeModified: image.capturedAt ?? '',
    Make: image.isVideo ? '' : 'Lumen',
    Model: image.isVideo ? '' : 'Lumen One',
    ISO: 100,
    Latitude: image.gps?.latitude ?? 0,
    Longitude: image.gps?.longitude ?? 0,
    Altitude: image.gps ? `${image.gps.altitude} m Above Sea Level` : '',
    Rating: '',
  }
}

const METADATA_TEXTS =
  'UserComment Author Copyright City State Country Category Headline Lens Aperture Exposure FocalLength Flash Software SerialNumber'.split(
    ' ',
  )

function sizeInPixels(seed: number): { Width: number; Height: number } {
  const { width, height } = pixelsOf(seed)
  return { Width: width, Height: height }
}
