import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { forEachBounded } from '../../async/for-each.ts'
import type { FoundFile, FoundFiles } from '../../catalog/adopt-index.ts'
import { SmugdlError } from '../../error.ts'
import { hashesIn, hashesOf } from '../files/hash.ts'
import { withHashThreads } from '../files/hash-threads.ts'
import { Readers } from '../files/readers.ts'
import { openArchive } from './archive-reader.ts'

export interface ReadFolderParts {
  found: FoundFiles
  /** Files read at once (`Readers`). */
  readers: number
  now(): number
  /** When aborted, no further file is started. */
  draining: AbortSignal
  /** When aborted, files being read are abandoned. */
  signal: AbortSignal
  /** Called when all files are known, with the number still to be read. An archive counts as one file until it is read. */
  onLooked(toRead: { files: number; bytes: number }): void
  onRead(file: FoundFile): void
}

/**
 * Hashes the files of a folder, at any depth and inside of ZIP archives, and records them in `found`, which keeps the results of earlier calls.
 * Symbolic links are not followed, and `.smugdl` is skipped. A file that cannot be read is recorded as such. Returns early when asked to stop.
 */
export async function readFolder(folder: string, parts: ReadFolderParts): Promise<void> {
  const { found, readers, draining, signal } = parts
  const scan = parts.now()
  await lookThrough(folder, scan, parts)
  if (draining.aborted) return
  found.forgetUnseen(scan)
  const { files, bytes, read, bytesRead } = found.totals()
  parts.onLooked({ files: files - read, bytes: bytes - bytesRead })
  const slots = new Readers(readers)
  const readInTurn = (file: FoundFile) =>
    slots.run(file.size, async () => {
      if (!draining.aborted) await readOne(file, scan, parts)
    })
  await withHashThreads({ readers, signal }, () => forEachBounded(found.unread(), 16 * readers, readInTurn, draining))
}

/** Records which files exist. */
async function lookThrough(folder: string, scan: number, { found, draining }: ReadFolderParts): Promise<void> {
  const batch: { path: string; size: number; modifiedMs: number }[] = []
  const flush = () => {
    found.transaction(() => {
      for (const file of batch) found.see(file, scan)
    })
    batch.length = 0
  }
  const visit = async (path: string): Promise<void> => {
    try {
      for await (const entry of await opendir(path, { bufferSize: 256 })) {
        if (draining.aborted) return
        const below = join(path, entry.name)
        if (entry.isDirectory()) {
          if (entry.name !== '.smugdl') await visit(below)
        } else if (!entry.isSymbolicLink() && !isDescription(entry.name)) await note(below)
        if (batch.length >= 500) flush()
      }
    } catch (error) {
      if (path === folder || isOurs(error)) throw error
      cannot(path, error)
    }
  }
  const note = async (path: string): Promise<void> => {
    try {
      const there = await lstat(path)
      if (there.isFile()) batch.push({ path, size: there.size, modifiedMs: there.mtimeMs })
    } catch (error) {
      cannot(path, error)
    }
  }
  const cannot = (path: string, error: unknown) =>
    found.put({ path, entry: 0, name: '', size: 0, modifiedMs: 0 }, scan, { trouble: troubleOf(error) })
  await visit(folder)
  flush()
}

async function readOne(file: FoundFile, scan: number, parts: ReadFolderParts): Promise<void> {
  const { found, now, signal, onRead } = parts
  try {
    if (/\.zip$/i.test(file.path)) await readArchive(file, scan, parts)
    else {
      const { size, md5, sha256 } = await hashesOf(file.path, { size: file.size, signal })
      const isStill = size === file.size
      found.put(file, scan, isStill ? { md5, sha256, readAt: now() } : { trouble: 'it changed while it was read' })
    }
  } catch (error) {
    if (signal.aborted || isOurs(error)) throw error
    found.put(file, scan, { trouble: troubleOf(error) })
  }
  onRead(file)
}

/** Reads the entries one after the other, except those that an interrupted call has read. */
async function readArchive(
  file: FoundFile,
  scan: number,
  { found, now, draining, signal }: ReadFolderParts,
): Promise<void> {
  await using archive = await openArchive(file.path)
  for (const { number, name, size, trouble } of archive.entries) {
    if (draining.aborted) return
    if (found.get(file.path, number)?.md5 !== undefined) continue
    const entry = { ...file, entry: number, name, size }
    if (trouble !== undefined) {
      found.put(entry, scan, { trouble })
      continue
    }
    try {
      const { md5, sha256 } = await hashesIn(await archive.read(number), signal)
      found.put(entry, scan, { md5, sha256, readAt: now() })
    } catch (error) {
      if (signal.aborted || isOurs(error)) throw error
      found.put(entry, scan, { trouble: troubleOf(error) })
    }
  }
  if (archive.trouble !== undefined) found.put(file, scan, { trouble: archive.trouble })
  else found.putArchive(file, scan, now())
}

/** A failure of the index, not of the file being read. */
function isOurs(error: unknown): boolean {
  return error instanceof SmugdlError
}

function troubleOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EIO: 'the disk cannot read it',
  ENOENT: 'it is there no more, or its name is none that can be asked for',
}

/** Files that smugdl writes about pictures and albums, which are not pictures themselves. */
function isDescription(name: string): boolean {
  return /^(album|folder)\.json$|\.(xmp|smugmug\.json)$/.test(name)
}
