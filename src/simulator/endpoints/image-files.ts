import { companionOf, originalOf, renditionOf, type StoredFile, transcodeOf } from '../files.ts'
import { photoUrl } from '../photo-url.ts'
import { pixelsOf } from '../picture.ts'
import type { Call, Entity } from '../resource.ts'
import type { Image } from '../world.ts'
import { rightsOf } from './visibility.ts'

/** `ImageDownload`: the original, or the best that may be had instead. */
export function downloadFields(image: Image, call: Call): Record<string, unknown> | undefined {
  const rights = rightsOf(image, call.viewer)
  if (rights === 'original')
    return { Url: photoUrl(image, image.albums[0], 'D', originalOf(image).ext, call.photosOrigin) }
  return rights === 'download' ? { Url: photoUrl(image, image.albums[0], 'O', 'jpg', call.photosOrigin) } : undefined
}

export function largestImageFields(image: Image, call: Call): Record<string, unknown> | undefined {
  return rightsOf(image, call.viewer) === 'none' ? undefined : renditionFields(image, 'X2', call)
}

export function largestVideoFields(image: Image, call: Call): Record<string, unknown> | undefined {
  return image.video?.largest === false ? undefined : videoFields(image, call)
}

function videoFields(image: Image, call: Call): Record<string, unknown> | undefined {
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

export function sizesFields(image: Image, call: Call): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, code] of Object.entries({ ...SIZES, Largest: 'X2' }))
    fields[`${name}ImageUrl`] = photoUrl(image, image.albums[0], code, 'jpg', call.photosOrigin)
  if (image.video) fields.LargestVideoUrl = photoUrl(image, image.albums[0], '1920', image.video.ext, call.photosOrigin)
  return fields
}

export function sizeDetailsFields(image: Image, call: Call): Record<string, unknown> {
  const details: Record<string, unknown> = {}
  const rights = rightsOf(image, call.viewer)
  if (rights !== 'none')
    for (const [name, code] of Object.entries(SIZES)) details[`ImageSize${name}`] = renditionFields(image, code, call)
  if (rights === 'original' && !image.isVideo) details.ImageSizeOriginal = originalFields(image, call)
  const video = videoFields(image, call)
  if (video) details.VideoSize1920 = video
  const template = photoUrl(image, image.albums[0], '#size#', 'jpg', call.photosOrigin)
  return { ImageUrlTemplate: template, UsableSizes: Object.keys(details), ...details }
}

const SIZES = { Tiny: 'Ti', Thumb: 'Th', Small: 'S', Medium: 'M', Large: 'L', X2Large: 'X2' }

function originalFields(image: Image, call: Call): Record<string, unknown> {
  const { ext, content, md5 } = originalOf(image)
  return {
    Url: photoUrl(image, image.albums[0], 'D', ext, call.photosOrigin),
    Ext: ext,
    ...sizeInPixels(image.seed),
    ...(image.sizeGiven ? { Size: content.size } : {}),
    ...(image.md5 === 'given' ? { MD5: md5() } : {}),
    Usable: true,
    Watermarked: false,
  }
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

function sizeInPixels(seed: number): { Width: number; Height: number } {
  const { width, height } = pixelsOf(seed)
  return { Width: width, Height: height }
}

/** Components of an asset of the library, by what SmugMug's support told of them (describe what is known: smugmug-api 4.9). */
export function componentEntities(image: Image, call: Call): Entity[] {
  const uri = `/api/v2/library/asset/${image.key}!components`
  const entity = (
    type: string,
    code: string,
    fileName: string,
    file: StoredFile,
    told = { md5: true, size: true },
  ): Entity => {
    const url = photoUrl(image, image.albums[0], code, file.ext, call.photosOrigin)
    const fields =
      call.world.source === 'otherwise'
        ? { AssetType: type, Href: url, Bytes: file.content.size }
        : {
            ComponentType: type,
            DownloadUrl: url,
            Extension: file.ext,
            FileName: fileName,
            ...(told.size && { FileSize: file.content.size }),
            ...(told.md5 && { MD5: file.md5() }),
          }
    return { uri, about: 'Component', fields, links: {} }
  }
  const preview = entity('jpg', 'D', image.fileName, originalOf(image))
  const others = image.companions.map((companion, index) => {
    const told = { md5: companion.md5 === 'given', size: companion.sizeGiven }
    return entity('svi', `C${index}`, companion.fileName, companionOf(companion), told)
  })
  return [preview, ...others]
}
