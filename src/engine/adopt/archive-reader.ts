import type { Readable } from 'node:stream'
import type { Entry, ZipFile } from 'yauzl'

/** A ZIP archive of somebody else's, open for reading. */
export interface Archive extends Disposable {
  /** In the archive's order, folders left out; `number` counts all, from 1. */
  readonly entries: readonly { readonly number: number; readonly name: string; readonly size: number }[]
  /** The bytes of an entry. They are what went in only if their hash says so. */
  read(number: number): Promise<Readable>
}

/** Reads the directory of an archive. Throws when it is none that can be read. */
export async function openArchive(path: string): Promise<Archive> {
  const { openPromise } = await import('yauzl')
  const file = await openPromise(path, { autoClose: false })
  try {
    return archiveOf(file, await entriesOf(file))
  } catch (error) {
    file.close()
    throw error
  }
}

async function entriesOf(file: ZipFile): Promise<Map<number, Entry>> {
  const entries = new Map<number, Entry>()
  let number = 0
  for await (const entry of file.eachEntry()) {
    number += 1
    if (!entry.fileName.endsWith('/')) entries.set(number, entry)
  }
  return entries
}

function archiveOf(file: ZipFile, entries: ReadonlyMap<number, Entry>): Archive {
  return {
    entries: Array.from(entries, ([number, { fileName, uncompressedSize }]) => ({
      number,
      name: fileName,
      size: uncompressedSize,
    })),
    read(number) {
      const entry = entries.get(number)
      if (entry === undefined) throw new Error(`there is no entry ${number} in the archive`)
      return file.openReadStreamPromise(entry)
    },
    // What is being read is read to its end.
    [Symbol.dispose]: () => file.close(),
  }
}

/** So many archives stay open: images come album by album, and an archive mostly is an album. */
const open = 16

/** Keeps archives open that are read from again and again: reading their directory for each image would take the square of its length. */
export class OpenArchives implements AsyncDisposable {
  readonly #archives = new Map<string, Promise<Archive>>()

  get(path: string): Promise<Archive> {
    const archive = this.#archives.get(path) ?? openArchive(path)
    this.#archives.delete(path)
    this.#archives.set(path, archive)
    const [oldest] = this.#archives
    if (this.#archives.size > open && oldest !== undefined) {
      this.#archives.delete(oldest[0])
      oldest[1].then((archive) => archive[Symbol.dispose]()).catch(() => {})
    }
    return archive
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const archives = await Promise.allSettled(this.#archives.values())
    this.#archives.clear()
    for (const archive of archives) if (archive.status === 'fulfilled') archive.value[Symbol.dispose]()
  }
}
