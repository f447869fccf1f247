/** A picture's EXIF stands within this many bytes of its beginning. */
export const exifReach = 256 * 1024

/** The TIFF structure in which EXIF is written (Exif 2.32, section 4.5; TIFF 6.0, section 2). Nothing outside of it is believed. */
export interface Tiff {
  readonly firstDirectory: number
  /** Undefined beyond the end. */
  number(at: number, bytes: 2 | 4): number | undefined
  text(at: number, length: number): string
  /** Undefined beyond the end. */
  bytes(at: number, length: number): Uint8Array | undefined
}

/** Of a JPEG, whose segments are gone through up to the one that holds EXIF; or of a RAW file that is a TIFF itself, as those of most cameras are. */
export function exifOf(head: Uint8Array): Tiff | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.byteLength < 4) return undefined
  if (view.getUint16(0) !== 0xffd8) return tiffAt(view, 0, view.byteLength)
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
    bytes(at, length) {
      const from = start + at
      return from + length > end ? undefined : new Uint8Array(view.buffer, view.byteOffset + from, length)
    },
  }
}

/** Where the entry of a tag stands in a directory. */
export function entry(tiff: Tiff, directory: number, tag: number): number | undefined {
  const entries = directory === 0 ? 0 : (tiff.number(directory, 2) ?? 0)
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12
    const found = tiff.number(at, 2)
    if (found === undefined) return undefined
    if (found === tag) return at
  }
  return undefined
}
