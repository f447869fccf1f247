import { entry, exifOf } from './exif-tiff.ts'

/** The small JPEG that a camera puts into a picture's EXIF (Exif 2.32, 4.5.8); undefined where there is none. `head` as for `exifClock`. */
export function exifThumbnail(head: Uint8Array): Uint8Array | undefined {
  const tiff = exifOf(head)
  if (tiff === undefined) return undefined
  const entries = tiff.number(tiff.firstDirectory, 2) ?? 0
  const second = tiff.number(tiff.firstDirectory + 2 + 12 * entries, 4) ?? 0
  const start = entry(tiff, second, jpegStart)
  const length = entry(tiff, second, jpegLength)
  if (start === undefined || length === undefined) return undefined
  const bytes = tiff.bytes(tiff.number(start + 8, 4) ?? 0, tiff.number(length + 8, 4) ?? 0)
  return bytes?.[0] === 0xff && bytes[1] === 0xd8 ? bytes : undefined
}

const jpegStart = 0x0201
const jpegLength = 0x0202
