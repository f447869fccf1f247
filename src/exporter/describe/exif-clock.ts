/** A picture's EXIF stands within this many bytes of its beginning. */
export const exifReach = 256 * 1024

/**
 * The camera's clock as a JPEG's EXIF has it (`DateTimeOriginal`, tag 0x9003), `2024-04-30T10:12:09` without a zone; undefined where
 * there is none, or one that says nothing (`0000:00:00 00:00:00`). `head` is the beginning of the file, up to `exifReach`. Reads what anybody
 * may have written: nothing outside of `head` is believed, and nothing is thrown (Exif 2.32, section 4.5 and 4.6; TIFF 6.0, section 2).
 */
export function exifClock(head: Uint8Array): string | undefined {
  const tiff = exifOf(new DataView(head.buffer, head.byteOffset, head.byteLength))
  if (tiff === undefined) return undefined
  const exif = entry(tiff, tiff.firstDirectory, exifDirectory)
  if (exif === undefined) return undefined
  const date = entry(tiff, tiff.number(exif + 8, 4) ?? 0, dateTimeOriginal)
  if (date === undefined) return undefined
  const start = tiff.number(date + 8, 4) ?? 0
  return clockOf(tiff.text(start, 19))
}

const exifDirectory = 0x8769
const dateTimeOriginal = 0x9003

interface Tiff {
  readonly firstDirectory: number
  /** Undefined beyond the end. */
  number(at: number, bytes: 2 | 4): number | undefined
  text(at: number, length: number): string
}

/** The segments of a JPEG up to the one that holds EXIF. */
function exifOf(view: DataView): Tiff | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; at + 10 <= view.byteLength; ) {
    const marker = view.getUint16(at)
    const size = view.getUint16(at + 2)
    if (marker < 0xff01 || marker === 0xffda || size < 2) return undefined
    const isExif = marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966 && view.getUint16(at + 8) === 0
    if (isExif) return tiffAt(view, at + 10, Math.min(at + 2 + size, view.byteLength))
    at += 2 + size
  }
  return undefined
}

function tiffAt(view: DataView, start: number, end: number): Tiff | undefined {
  if (start + 8 > end) return undefined
  const order = view.getUint16(start)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  const number = (at: number, bytes: 2 | 4) => {
    const from = start + at
    if (from < start || from + bytes > end) return undefined
    return bytes === 2 ? view.getUint16(from, little) : view.getUint32(from, little)
  }
  return {
    firstDirectory: number(4, 4) ?? 0,
    number,
    text(at, length) {
      const from = start + at
      if (from + length > end) return ''
      return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + from, length))
    },
  }
}

/** Where the entry of a tag stands in a directory. */
function entry(tiff: Tiff, directory: number, tag: number): number | undefined {
  const entries = directory === 0 ? 0 : (tiff.number(directory, 2) ?? 0)
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12
    const found = tiff.number(at, 2)
    if (found === undefined) return undefined
    if (found === tag) return at
  }
  return undefined
}

function clockOf(text: string): string | undefined {
  const [, year = '', month = '', day = '', time = ''] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? []
  return Number(year) > 0 && Number(month) > 0 && Number(day) > 0 ? `${year}-${month}-${day}T${time}` : undefined
}
