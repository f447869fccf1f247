import { createHash } from 'node:crypto'
import { type Content, padded } from './content.ts'
import { jpeg, movie, png } from './picture.ts'
import type { Companion, Image, Transcode } from './world.ts'

/** A file that SmugMug holds of an image. */
export interface StoredFile {
  readonly content: Content
  /** Lower case, without the dot. */
  readonly ext: string
  readonly mediaType: string
  /** 32 hexadecimal digits, computed once per file. */
  md5(): string
}

/** The upload, untouched. Of a photo it can be had (size code `D`), of a video it cannot. */
export function originalOf(image: Image): StoredFile {
  if (image.isVideo) return fileOf('mov', image.seed, image.size)
  return fileOf(image.format === 'PNG' ? 'png' : 'jpg', image.seed, image.size)
}

/** What stands as the archived file of a video: one picture of it (real-answers 4.6). */
export function stillOf(video: Image): StoredFile {
  return fileOf('jpg', video.seed + 0.75, Math.min(video.size, 12_000))
}

/** SmugMug's own conversion of a video (size code `1920`). */
export function transcodeOf(video: Transcode): StoredFile {
  return fileOf('mp4', video.seed, video.size)
}

/** What is had without the right to the original: smaller, and never the same bytes. */
export function renditionOf(image: Image): StoredFile {
  return fileOf('jpg', image.seed + 0.25, Math.floor(Math.min(image.size, 40_000) / 2))
}

/** A RAW file, or whatever was uploaded with a picture. */
export function companionOf({ fileName, seed, size }: Companion): StoredFile {
  const content = companion(seed, size)
  const ext = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()
  return { content, ext, mediaType: 'application/octet-stream', md5: () => md5Of(`companion ${seed} ${size}`, content) }
}

/** Of any format: a beginning that none of the others has, and bytes that mean nothing. */
function companion(seed: number, size: number): Content {
  return padded(Buffer.from('RAW\n'), Buffer.alloc(0), { overhead: 0, wrap: (payload) => payload }, size, seed)
}

function fileOf(ext: keyof typeof FORMATS, seed: number, size: number): StoredFile {
  const { mediaType, make } = FORMATS[ext]
  const content = make(seed, size)
  return { content, ext, mediaType, md5: () => md5Of(`${ext} ${seed} ${size}`, content) }
}

const FORMATS = {
  jpg: { mediaType: 'image/jpeg', make: jpeg },
  png: { mediaType: 'image/png', make: png },
  mp4: { mediaType: 'video/mp4', make: (seed: number, size: number) => movie(seed, size, 'mp42') },
  mov: { mediaType: 'video/quicktime', make: (seed: number, size: number) => movie(seed, size, 'qt  ') },
} satisfies Record<string, { mediaType: string; make: (seed: number, size: number) => Content }>

function md5Of(identity: string, content: Content): string {
  let md5 = md5s.get(identity)
  if (md5 === undefined) {
    const hash = createHash('md5')
    for (const chunk of content.chunks()) hash.update(chunk)
    md5 = hash.digest('hex')
    md5s.set(identity, md5)
  }
  return md5
}

/** The bytes follow from the identity, so that what is known stays true, for every world at once. */
const md5s = new Map<string, string>()
