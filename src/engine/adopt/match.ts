import { createWriteStream } from 'node:fs'
import { lstat, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { FoundFiles, ReadFile } from '../../catalog/adopt-index.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { isSystemError } from '../../disk-error.ts'
import { StagedFile, type Transfer } from '../files/staged-file.ts'
import { provenCopy } from '../files/verified-copy.ts'
import type { OpenArchives } from './archive-reader.ts'

export interface MatchParts {
  found: FoundFiles
  archives: OpenArchives
  transfer: Transfer
  /** Whether a file was placed at home, or was already there. */
  isOurs(path: string): boolean
}

/**
 * The bytes of an image from a file that was found to contain them: the file itself in its place, or an archive's entry copied to
 * `stagingPath`. Matched by MD5, never by name; undefined if SmugMug provides none, or if no such file is unchanged since it was read.
 */
export async function matchFile(
  row: ListingRow,
  stagingPath: string,
  { found, archives, transfer, isOurs }: MatchParts,
): Promise<StagedFile | undefined> {
  const { source } = row
  if (source.kind === 'none' || source.md5 === undefined) return undefined
  for (const file of found.withContent(source.md5, source.size)) {
    const { size, md5, sha256, entry } = file
    const facts = { kind: source.kind, size, md5, sha256, contentType: 'application/octet-stream' }
    if (!(await isAsRead(file))) continue
    // A file that belongs to another album stays there.
    const owner = { external: isOurs(file.path) ? 'copy' : transfer, readAt: file.readAt }
    if (entry === 0) return new StagedFile(file.path, facts, row, owner)
    if (await unpacked(file, stagingPath, archives)) return new StagedFile(stagingPath, facts, row)
  }
  return undefined
}

async function isAsRead({ path, entry, size, modifiedMs }: ReadFile): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined)
  // The size is the entry's own; whether the archive is unchanged shows in its time, and finally in the hash.
  return there?.isFile() === true && there.mtimeMs === modifiedMs && (entry > 0 || there.size === size)
}

/** Copies an entry durably; false if it has changed. */
async function unpacked({ path, entry, sha256 }: ReadFile, to: string, archives: OpenArchives): Promise<boolean> {
  try {
    const archive = await archives.get(path)
    await pipeline(await archive.read(entry), createWriteStream(to))
  } catch (error) {
    // Only a disk error of our own copy ends the run.
    if (isSystemError(error) && (error.syscall === 'write' || error.path === to)) throw error
    await rm(to, { force: true })
    return false
  }
  return (await provenCopy(to, (hashes) => hashes.sha256 === sha256)) !== undefined
}
