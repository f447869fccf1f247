import { type Api, type Envelope, withoutQuery } from '../api.ts'
import { HttpError } from '../transport/http-error.ts'
import type { Album } from './album.ts'
import { cameraClock } from './capture-time.ts'
import { listed } from './complete-list.ts'
import {
  count,
  type Fields,
  flag,
  instant,
  md5,
  number,
  type Read,
  readRecord,
  someText,
  text,
  textList,
  uris,
} from './fields.ts'
import { imageKey } from './keys.ts'
import { type Rendering, renderingOf } from './rendering.ts'
import { expandedSmallCopies } from './small-copy.ts'
import { withoutSecrets } from './without-secrets.ts'

/** A photo or video (smugmug-api 4.4). */
export type Image = ReturnType<typeof imageOf>

/**
 * The images of an album in SmugMug's order, each `ImageKey` once; one page in memory. If images are missing, the album is
 * listed once again and new ones are yielded; if it is still incomplete, throws `ListingIncomplete` (kind `item`) at the end.
 * Videos include the address of their bytes.
 */
export async function* imagesOf(
  api: Api,
  album: Pick<Album, 'imagesUri'>,
  { withSmallCopies = false } = {},
): AsyncGenerator<Image> {
  const trim = withSmallCopies ? trimWithSizes : imageTrim
  yield* listed(api, album.imagesUri, { count: api.imagesAPage, trim }, imageOf, (image) => image.key)
}

/**
 * Whether an album has an image, requested by its address within the album: an image that was moved still answers at its own address, but not at
 * this one (smugmug-api 4). Throws `item` if SmugMug does not say.
 */
export async function isInAlbum(
  api: Api,
  { album, image, serial }: { album: string; image: string; serial: number },
): Promise<boolean> {
  const place = `/api/v2/album/${encodeURIComponent(album)}/image/${encodeURIComponent(image)}-${serial}`
  try {
    await api.get(place, { _verbosity: '1', _filter: 'ImageKey', _filteruri: '' }, 'record')
    return true
  } catch (error) {
    if (error instanceof HttpError && (error.status === 404 || error.status === 410)) return false
    throw error
  }
}

export const imageTrim = {
  _filter: [
    'ImageKey,Serial,AlbumKey,FileName,Format,IsVideo,Processing,Status,SubStatus,Hidden,Title,Caption,Keywords,KeywordArray',
    'Date,DateTimeUploaded,DateTimeOriginal,LastUpdated,Latitude,Longitude,Altitude,OriginalSize,OriginalWidth,OriginalHeight',
    'ArchivedUri,ArchivedSize,ArchivedMD5,ComponentFileTypes,PreferredDisplayFileExtension,Watermarked,Collectable,Origin',
    'WebUri,Uri,Uris',
    // These fields are for the expanded videos, in case the filter applies to them too, which is not documented.
    'Url,Ext,Size,MD5,Usable',
  ].join(),
  _filteruri: 'LargestVideo,LargestImage,ImageDownload,ImageMetadata,ImageOwner,Components',
  _expand: 'LargestVideo',
}

/** The sizes come with the list; otherwise they would cost one request per image. */
const trimWithSizes = {
  _filter: `${imageTrim._filter},ImageSizeSmall,ImageSizeMedium`,
  _filteruri: `${imageTrim._filteruri},ImageSizeDetails`,
  _expand: `${imageTrim._expand},ImageSizeDetails`,
}

export const ImageRecord = {
  ImageKey: imageKey,
  Serial: count,
  FileName: text,
  Format: text,
  IsVideo: flag,
  Processing: flag,
  Status: someText,
  SubStatus: someText,
  Hidden: flag,
  Title: text,
  Caption: text,
  KeywordArray: textList,
  Date: instant,
  DateTimeUploaded: instant,
  DateTimeOriginal: instant,
  LastUpdated: instant,
  Latitude: number,
  Longitude: number,
  Altitude: number,
  OriginalWidth: count,
  OriginalHeight: count,
  OriginalSize: count,
  ArchivedUri: someText,
  ArchivedSize: count,
  ArchivedMD5: md5,
  ComponentFileTypes: (value: unknown) => value,
  WebUri: text,
  Uri: text,
  Uris: uris,
} satisfies Fields

export function imageOf(record: unknown, address: string, expansions: Envelope['expansions'] = new Map()) {
  return Object.assign(factsOf(record, address, expansions), { raw: withoutSecrets(record) })
}

/** As `imageOf`, for a stored record, whose secrets were already removed. */
export function factsOf(record: unknown, address: string, expansions: Envelope['expansions'] = new Map()) {
  const image = readRecord(ImageRecord, record, address)
  const serial = image.Serial ?? serialAt(image.Uri)
  const isVideo = image.IsVideo || VIDEO.test(image.Format)
  return {
    key: image.ImageKey,
    /** Counts the versions of the file. */
    serial,
    /** The name as uploaded: may be empty, is not unique, and may differ from another only in case. */
    fileName: image.FileName,
    /** The stored format, upper case: `JPG`, `MP4`. */
    format: image.Format,
    isVideo,
    processing: image.Processing,
    status: image.Status,
    subStatus: image.SubStatus,
    hidden: image.Hidden,
    title: image.Title,
    caption: image.Caption,
    keywords: image.KeywordArray,
    /** Real instants. */
    uploadedAt: image.DateTimeUploaded ?? image.Date,
    updatedAt: image.LastUpdated,
    capturedAt: image.DateTimeOriginal && capturedAt(image.DateTimeOriginal, isVideo),
    /** The capture time as SmugMug gives it, on the assumption that the camera was in California. */
    capturedInstant: image.DateTimeOriginal,
    ...placeOf(image),
    /** Pixels. */
    width: image.OriginalWidth,
    height: image.OriginalHeight,
    /** Bytes. */
    originalSize: isVideo ? undefined : image.OriginalSize,
    /** The untouched upload; undefined without the right to it. Of a video it would be a JPEG still, with the still's size and MD5 (real-answers 4.6). */
    archived:
      image.ArchivedUri === undefined || isVideo
        ? undefined
        : { url: image.ArchivedUri, size: image.ArchivedSize, md5: image.ArchivedMD5 },
    largestVideo: expandedVideo(image.Uris.LargestVideo, expansions),
    /** Present if requested with the list. */
    smallCopies: expandedSmallCopies(image.Uris.ImageSizeDetails, expansions),
    uris: {
      imageDownload: image.Uris.ImageDownload,
      largestImage: image.Uris.LargestImage,
      largestVideo: image.Uris.LargestVideo,
      imageMetadata: image.Uris.ImageMetadata,
      components: image.Uris.Components,
    },
    webUri: image.WebUri,
    /** The kinds of files that SmugMug says it keeps of the image. */
    componentFileTypes: image.ComponentFileTypes,
  }
}

/** A video without `IsVideo` would otherwise be saved as a still under the video's name. */
const VIDEO = /^(mp4|m4v|mov|avi|mpe?g|wmv|3gp|mts|m2ts|mkv|webm)$/i

/** Newer links end in `KEY-SERIAL`; a record without `Serial` has it there only. */
function serialAt(uri: string): number {
  return Number(/-(\d+)$/.exec(withoutQuery(uri))?.[1] ?? 0)
}

/**
 * The camera's own clock, without zone: `2024-04-30T10:12:09`. A video's time comes from its container, which is UTC, and SmugMug treats
 * it like a camera's; the result therefore ends in `Z`. This is based on one captured answer (real-answers 3.6).
 */
function capturedAt(instant: string, isVideo: boolean): string {
  return isVideo ? `${cameraClock(instant)}Z` : cameraClock(instant)
}

/** "No place" is sent as zeros, not left out (smugmug-api 0.4). */
function placeOf({ Latitude, Longitude, Altitude }: Read<typeof ImageRecord>) {
  const isPlace = Math.abs(Latitude ?? Infinity) <= 90 && Math.abs(Longitude ?? Infinity) <= 180
  const known = isPlace && (Latitude !== 0 || Longitude !== 0)
  return known
    ? { latitude: Latitude, longitude: Longitude, altitude: Altitude }
    : { latitude: undefined, longitude: undefined, altitude: undefined }
}

/** The relations expanded in the list; one that could not be expanded is requested when it is needed. */
function expandedVideo(uri: string | undefined, expansions: Envelope['expansions']): Rendering | undefined {
  const answer = uri === undefined ? undefined : expansions.get(withoutQuery(uri))
  if (typeof answer !== 'object' || answer === null || !('LargestVideo' in answer)) return undefined
  return renderingOf(answer.LargestVideo, withoutQuery(uri ?? ''))
}
