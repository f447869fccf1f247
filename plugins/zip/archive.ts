import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

/** A picture in an archive, or a sidecar of one. */
export interface ArchivedImage {
  readonly name: string
  /** `fileIdOf` the picture; of what smugdl did not put there its name. */
  readonly key: string
  /** What the name of a sidecar has after its picture's; empty for the picture. */
  readonly suffix: string
  /** As it is written in the archive, in steps of two seconds, without a zone. */
  readonly date: Date
  readonly stored: boolean
  readonly size: number
  readonly crc: number
}

/** What is in an archive, by entry, in its order; good for as long as the file is the same. */
export type Directory = ReadonlyMap<ArchivedImage, Entry>

/** An archive that is open for reading; `close` it, or `using` it. */
export interface OpenArchive extends Disposable {
  readonly directory: Directory
  /** In the archive's order. */
  readonly images: readonly ArchivedImage[]
  /** Its bytes; throws in the end when they are not what the archive says they must be. */
  read(image: ArchivedImage): AsyncGenerator<Uint8Array>
}

/** Reads the directory of an archive, or takes what was read of it before. Throws when there is none. */
export async function openArchive(path: string, known?: Directory): Promise<OpenArchive> {
  const file = await openPromise(path, { autoClose: false, strictFileNames: true })
  try {
    const directory = known ?? (await directoryOf(file))
    let images: ArchivedImage[] | undefined
    return {
      directory,
      get images() {
        images ??= [...directory.keys()]
        return images
      },
      read: (image) => checked(image, directory.get(image), file),
      [Symbol.dispose]: () => file.close(),
    }
  } catch (error) {
    file.close()
    throw error
  }
}

async function directoryOf(file: ZipFile): Promise<Directory> {
  const entries = new Map<ArchivedImage, Entry>()
  for await (const entry of file.eachEntry()) entries.set(archivedImage(entry), entry)
  return entries
}

/**
 * The comment of an entry: which picture of SmugMug's it is. With it the archive explains itself, and what is in it is found again
 * under whatever name.
 */
export function commentOf({ key, suffix = '' }: { readonly key: string; readonly suffix?: string }): string {
  return suffix === '' ? `${label}${key}` : `${suffix} of ${label}${key}`
}

const label = 'SmugMug ImageKey '

function archivedImage(entry: Entry): ArchivedImage {
  const { fileName, fileComment, compressionMethod, uncompressedSize, crc32 } = entry
  const [, suffix = '', key = fileName] = /^(?:(\.\S+) of )?SmugMug ImageKey (.+)$/s.exec(fileComment) ?? []
  return {
    name: fileName,
    key,
    suffix,
    date: entry.getLastModDate({ timezone: 'UTC', forceDosFormat: true }),
    stored: compressionMethod === 0,
    size: uncompressedSize,
    crc: crc32,
  }
}

async function* checked(image: ArchivedImage, entry: Entry | undefined, file: ZipFile): AsyncGenerator<Uint8Array> {
  if (entry === undefined) throw new Error(`${image.name} is in another archive`)
  const stream: Readable = await file.openReadStreamPromise(entry)
  let crc = 0
  for await (const chunk of stream) {
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (crc !== image.crc) throw new Error(`"${image.name}" is damaged in the archive (CRC)`)
}
