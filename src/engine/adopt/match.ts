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
  /** Whether a file has come home, or was found to be there. */
  isOurs(path: string): boolean
}

/**
 * The bytes of an image from a file that was found to hold them: the file itself where it stands, an archive's entry copied to
 * `stagingPath`. By MD5, never by name; undefined where SmugMug provides none, and where no such file is as it was when it was read.
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
    // What has its place in another album stays there.
    const owner = { external: isOurs(file.path) ? 'copy' : transfer, readAt: file.readAt }
    if (entry === 0) return new StagedFile(file.path, facts, row, owner)
    if (await unpacked(file, stagingPath, archives)) return new StagedFile(stagingPath, facts, row)
  }
  return undefined
}

async function isAsRead({ path, entry, size, modifiedMs }: ReadFile): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined)
  // Of an entry the size is its own; that the archive is the same is shown by its time, and in the end by the hash.
  return there?.isFile() === true && there.mtimeMs === modifiedMs && (entry > 0 || there.size === size)
}

/** Copies an entry, durably; false when it is not what it was. */
async function unpacked({ path, entry, sha256 }: ReadFile, to: string, archives: OpenArchives): Promise<boolean> {
  try {
    const archive = await archives.get(path)
    await pipeline(await archive.read(entry), createWriteStream(to))
  } catch (error) {
    // What the disk says of our own copy ends the run, and nothing else.
    if (isSystemError(error) && (error.syscall === 'write' || error.path === to)) throw error
    await rm(to, { force: true })
    return false
  }
  return (await provenCopy(to, (hashes) => hashes.sha256 === sha256)) !== undefined
}
