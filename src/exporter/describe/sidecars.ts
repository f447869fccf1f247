import type { Image, ImageContext, OptionDefinition, Sidecar } from '../types.ts'
import { noDigest, withDigest } from './own-digest.ts'
import { sidecarDate } from './sidecar-date.ts'
import { xmpOf } from './xmp.ts'

/** Options of exporters that write sidecars. */
export const sidecarOptions = {
  sidecar: {
    type: 'string',
    choices: ['xmp', 'json', 'xmp+json', 'none'],
    default: 'xmp',
    help: 'Titles, captions, keywords and places beside each picture of which there are any: as XMP for other programs (IMG_1.JPG.xmp), as all metadata that SmugMug has for it (IMG_1.JPG.smugmug.json), as both, or not at all',
  },
  keywords: {
    type: 'string',
    choices: ['all', 'typed', 'override'],
    default: 'all',
    help: "Keywords in XMP: all; without those that SmugMug made of the file's name; or all, in the names that outrank a file's own keywords in Immich, digiKam and darktable too",
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>

export interface SidecarChoice {
  readonly sidecar: (typeof sidecarOptions.sidecar.choices)[number]
  readonly keywords: (typeof sidecarOptions.keywords.choices)[number]
}

/** The sidecars that a picture should have. No XMP where there is nothing to say that its file does not: digiKam ignores a file's own then. */
export function sidecarsOf(
  image: Image,
  { album, clock }: ImageContext,
  { sidecar, keywords }: SidecarChoice,
): Sidecar[] {
  const sidecars: Sidecar[] = []
  if (image.component !== '' && !isDescribed(image)) return []
  if (sidecar === 'xmp' || sidecar === 'xmp+json') {
    // A RAW file has its date, whether it can be read here or not.
    const date = image.component !== '' && clock === undefined ? undefined : sidecarDate(image.capturedAt, clock)
    const text = xmpOf(image, album, { keywords, date })
    if (text !== undefined) sidecars.push({ suffix: '.xmp', text })
  }
  if (sidecar === 'json' || sidecar === 'xmp+json') {
    // Its place in the order changes when others come and go: that is in the album's file.
    const { raw, position: _, ...facts } = image
    const about = { format: 'smugdl-image', version: 1, digest: noDigest }
    const where = { album: { key: album.key, path: [...album.path, album.name] } }
    const text = `${JSON.stringify({ ...about, ...where, ...facts, raw }, undefined, 1)}\n`
    sidecars.push({ suffix: '.smugmug.json', text: withDigest(text) })
  }
  return sidecars
}

/** For a RAW file kept with a picture, unless the user's own sidecar lies beside it: programs should read that one. */
function isDescribed({ name, raw }: Image): boolean {
  const components = Array.isArray(raw.Components) ? raw.Components : []
  const hasOwn = components.some(({ Extension, FileName }) => /(^|\.)xmp$/i.test(String(Extension ?? FileName)))
  return isPictureFile.test(name) && !hasOwn
}

const isPictureFile =
  /\.(cr2|cr3|nef|nrw|arw|dng|orf|raf|rw2|pef|srw|x3f|iiq|3fr|fff|psd|psb|tiff?|heic|webp|jxl|avif)$/i
