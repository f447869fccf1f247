import { entry, exifOf } from './exif-tiff.ts'

/**
 * The camera's clock as a JPEG's EXIF has it (`DateTimeOriginal`, tag 0x9003), `2024-04-30T10:12:09` without a zone; undefined where
 * there is none, or one that says nothing (`0000:00:00 00:00:00`). `head` is the beginning of the file, up to `exifReach`. Reads what anybody
 * may have written: nothing outside of `head` is believed, and nothing is thrown (Exif 2.32, section 4.5 and 4.6; TIFF 6.0, section 2).
 */
export function exifClock(head: Uint8Array): string | undefined {
  const tiff = exifOf(head)
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

function clockOf(text: string): string | undefined {
  const [, year = '', month = '', day = '', time = ''] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? []
  return Number(year) > 0 && Number(month) > 0 && Number(day) > 0 ? `${year}-${month}-${day}T${time}` : undefined
}
