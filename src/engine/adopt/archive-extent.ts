import type { FileHandle } from 'node:fs/promises'

/** The position of an archive in its file; bytes before `start` and from `end` on do not belong to it. */
export interface Extent {
  start: number
  end: number
}

/** Number of bytes at the end of a file in which the end of the archive is searched; a comment alone may have 64 KiB. */
const furthest = 1 << 20

/**
 * Finds the archive in a file that may contain more: a program before it, remains of a transfer after it. Offsets in an archive count from
 * its start, so the start is the actual minus the stated position of its directory (APPNOTE 4.3.14 to 4.3.16). Undefined if there is
 * none.
 */
export async function extentOf(file: FileHandle): Promise<Extent | undefined> {
  const { size } = await file.stat()
  const from = Math.max(0, size - furthest)
  const tail = await bytesAt(file, from, size - from)
  for (let at = tail.lastIndexOf(endMark); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(endMark, at - 1)) {
    const extent = await extentBefore(tail.subarray(at), from + at, file)
    if (extent !== undefined && extent.end <= size) return extent
  }
  return undefined
}

const endMark = Buffer.from('PK\x05\x06', 'latin1')
const entryMark = 0x02014b50
const end64Mark = 0x06064b50
const locator64Mark = 0x07064b50

/** The extent by the record at `position`, if that ends an archive; the same four bytes may occur in a comment or a picture. */
async function extentBefore(record: Buffer, position: number, file: FileHandle): Promise<Extent | undefined> {
  if (record.length < 22) return undefined
  let directory = { end: position, size: record.readUInt32LE(12), offset: record.readUInt32LE(16) }
  const around = await bytesAt(file, Math.max(0, position - 76), Math.min(76, position))
  if (around.length === 76 && around.readUInt32LE(56) === locator64Mark && around.readUInt32LE(0) === end64Mark) {
    const long = (at: number) => Number(around.readBigUInt64LE(at))
    directory = { end: position - 76, size: long(40), offset: long(48) }
  }
  const start = directory.end - directory.size - directory.offset
  if (start < 0) return undefined
  const first = await bytesAt(file, directory.end - directory.size, Math.min(4, directory.size))
  const isDirectory = directory.size === 0 || (first.length === 4 && first.readUInt32LE(0) === entryMark)
  return isDirectory ? { start, end: position + 22 + record.readUInt16LE(20) } : undefined
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
