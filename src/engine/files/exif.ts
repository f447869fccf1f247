import { closeSync, constants, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { isSystemError } from '../../disk-error.ts'
import { exifClock } from '../../exporter/describe/exif-clock.ts'
import { exifReach } from '../../exporter/describe/exif-tiff.ts'
import { brief } from './quick-disk-calls.ts'

/** The camera's clock in a file's EXIF, without a zone; undefined where there is none, or no file to look into. */
export async function clockIn(path: string): Promise<string | undefined> {
  try {
    return await read(path)
  } catch (error) {
    if (isSystemError(error)) return undefined
    throw error
  }
}

const read = brief(
  (path: string) => {
    // A pipe that somebody put there must not be waited for.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      return exifClock(head.subarray(0, readSync(file, head, 0, exifReach, 0)))
    } finally {
      closeSync(file)
    }
  },
  async (path) => {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(exifReach), 0, exifReach, 0)
    return exifClock(buffer.subarray(0, bytesRead))
  },
)

/** One for all of them: looked into before anybody else can read. */
const head = Buffer.allocUnsafeSlow(exifReach)
