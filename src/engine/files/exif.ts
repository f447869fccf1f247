import { open } from 'node:fs/promises'
import { isSystemError } from '../../disk-error.ts'
import { exifClock } from '../../exporter/describe/exif-clock.ts'
import { exifReach } from '../../exporter/describe/exif-tiff.ts'

/** The camera's clock in a file's EXIF, without a zone; undefined where there is none, or no file to look into. */
export async function clockIn(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(exifReach), 0, exifReach, 0)
    return exifClock(buffer.subarray(0, bytesRead))
  } catch (error) {
    if (isSystemError(error)) return undefined
    throw error
  }
}
