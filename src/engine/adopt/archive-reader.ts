import { type FileHandle, open as openFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader, type ZipFile } from 'yauzl'
import { type Extent, extentOf } from './archive-extent.ts'

/** A file entry of an archive. */
interface ArchiveEntry {
  /** Number of the entry from 1, folders included. */
  readonly number: number
  /** As in the archive: any text, never used as a path. */
  readonly name: string
  readonly size: number
  /** The entry is a symbolic link, whose content is a path. */
  readonly isLink: boolean
  /** Why it is not read. */
  readonly trouble?: string
}

/** A foreign ZIP archive, open for reading. */
export interface Archive extends AsyncDisposable {
  /** In the archive's order. */
  readonly entries: readonly ArchiveEntry[]
  /** Why there may be more entries than listed. */
  readonly trouble?: string
  /** The bytes of an entry, no more than it announces. Only their hash shows whether they are the original bytes. */
  read(number: number): Promise<Readable>
}

/**
 * Reads the directory of an archive, wherever it is in the file. A faulty entry affects only itself; names are never used as paths, so any are
 * accepted. Throws if there is no readable archive.
 */
export async function openArchive(path: string): Promise<Archive> {
  const file = await openFile(path, 'r')
  try {
    const extent = await extentOf(file)
    if (extent === undefined) throw new Error('it is no ZIP archive, or its end is missing')
    const reader = new Part(file, extent)
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false }
    const archive = await fromRandomAccessReaderPromise(reader, extent.end - extent.start, options)
    return archiveOf(archive, file, await directoryOf(archive), extent)
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The part of a file that is the archive. */
class Part extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #start: number

  constructor(file: FileHandle, { start }: Extent) {
    super()
    this.#file = file
    this.#start = start
  }

  // Not the file's own stream: that closes the file whenever it is destroyed.
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(bytesOf(this.#file, this.#start + start, this.#start + end))
  }
}

async function* bytesOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const length = Math.min(end - at, 1 << 16)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

/** Maximum number of entries; more would need too much memory. */
const mostEntries = 500_000

/** File entries, by number, as far as the directory can be read. */
async function directoryOf(archive: ZipFile): Promise<{ entries: Map<number, Entry>; trouble?: string }> {
  const entries = new Map<number, Entry>()
  let number = 0
  try {
    for await (const entry of archive.eachEntry()) {
      number += 1
      if (number > mostEntries) throw new Error(`it has more than ${mostEntries} entries`)
      if (!nameOf(entry).endsWith('/')) entries.set(number, entry)
    }
  } catch (error) {
    return { entries, trouble: `after ${number} entries: ${error instanceof Error ? error.message : error}` }
  }
  return { entries }
}

/** The name with `/` between folders, even if Windows wrote it. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
}

function archiveOf(
  archive: ZipFile,
  file: FileHandle,
  { entries, trouble }: { entries: ReadonlyMap<number, Entry>; trouble?: string },
  extent: Extent,
): Archive {
  let packed = 0
  const listed = Array.from(entries, ([number, entry]): ArchiveEntry => {
    packed += entry.compressedSize
    const name = nameOf(entry)
    const trouble =
      packed > extent.end - extent.start ? 'its bytes are those of other entries' : troubleWith(entry, name)
    return {
      number,
      name,
      size: entry.uncompressedSize,
      isLink: isLink(entry),
      ...(trouble !== undefined && { trouble }),
    }
  })
  return {
    entries: listed,
    ...(trouble !== undefined && { trouble }),
    async read(number) {
      const entry = entries.get(number)
      if (entry === undefined) throw new Error(`there is no entry ${number} in the archive`)
      return Readable.from(atMost(entry.uncompressedSize, await archive.openReadStreamPromise(entry)))
    },
    // Entries being read are read to their end.
    async [Symbol.asyncDispose]() {
      archive.close()
      await file.close()
    },
  }
}

/** The Unix file mode is in the upper half (APPNOTE 4.4.15 leaves it to the system). */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

/** Compression ratio that no picture or video reaches, but archives made to fill disks do. */
const bomb = { size: 100e6, ratio: 100 }

function troubleWith(entry: Entry, name: string): string | undefined {
  const { compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) return 'it is encrypted'
  if (/\.zip$/i.test(name)) return 'it is an archive within an archive; unpack the outer one first'
  if (uncompressedSize > bomb.size && uncompressedSize > bomb.ratio * compressedSize)
    return `it would grow to ${Math.round(uncompressedSize / Math.max(1, compressedSize))} times its size`
  return undefined
}

async function* atMost(size: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = size
  for await (const chunk of bytes) {
    left -= chunk.length
    if (left < 0) throw new Error('it is longer than the archive says')
    yield chunk
  }
}

/** Maximum number of archives kept open: images come album by album, and most archives contain one album. */
const open = 16

/** Keeps recently used archives open: reading the directory for each image would take quadratic time. */
export class OpenArchives implements AsyncDisposable {
  readonly #archives = new Map<string, Promise<Archive>>()

  get(path: string): Promise<Archive> {
    const archive = this.#archives.get(path) ?? openArchive(path)
    this.#archives.delete(path)
    this.#archives.set(path, archive)
    const [oldest] = this.#archives
    if (this.#archives.size > open && oldest !== undefined) {
      this.#archives.delete(oldest[0])
      oldest[1].then((archive) => archive[Symbol.asyncDispose]()).catch(() => {})
    }
    return archive
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const archives = await Promise.allSettled(this.#archives.values())
    this.#archives.clear()
    for (const archive of archives) if (archive.status === 'fulfilled') await archive.value[Symbol.asyncDispose]()
  }
}
