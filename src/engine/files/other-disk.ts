import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isSystemError, isUnsupported } from '../../disk-error.ts'
import { syncFile, syncFolder } from './fsync.ts'
import { lstat, remove, rename, unlink, utimes } from './quick-disk-calls.ts'

/**
 * A folder in the output may be on another disk: mounted there, reached through a link, or a branch of a pool. Between disks nothing can be
 * linked or renamed, so bytes are copied beside the place where they belong, made durable, and get their name there.
 */
export function isOtherDisk(error: unknown): boolean {
  return isSystemError(error, 'EXDEV')
}

/** A durable copy of `from` beside `to`, with its time, under a name that nobody could have foreseen; `announce` hears the name before it is made. */
export async function copyBeside(from: string, to: string, announce: (path: string) => Promise<void>): Promise<string> {
  const beside = join(dirname(to), `.smugdl-${randomBytes(8).toString('hex')}.tmp`)
  await announce(beside)
  try {
    await copyFile(from, beside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await setTime(beside, (await lstat(from)).mtimeMs)
    await syncFile(beside)
  } catch (error) {
    await remove(beside)
    throw error
  }
  return beside
}

/** Whether a path can be what `copyBeside` made. */
export function isCopyBeside(path: string): boolean {
  return /^\.smugdl-[0-9a-f]{16}\.tmp$/.test(basename(path))
}

/** Renames, also to another disk; whatever stands at `to` is replaced. There before it is gone here. */
export async function renameAnywhere(
  from: string,
  to: string,
  announce: (path: string) => Promise<void>,
): Promise<void> {
  try {
    return await rename(from, to)
  } catch (error) {
    if (!isOtherDisk(error)) throw error
  }
  const beside = await copyBeside(from, to, announce)
  try {
    await rename(beside, to)
  } catch (error) {
    await remove(beside)
    throw error
  }
  await syncFolder(dirname(to))
  await unlink(from)
}

/** Milliseconds since 1970, before it too. False where the disk takes no times, or not this one: it is no reason to do without the bytes. */
export async function setTime(path: string, modifiedMs: number): Promise<boolean> {
  // As a `Date`: Node makes "now" of a number below 0.
  const time = new Date(modifiedMs)
  try {
    await utimes(path, time, time)
    return true
  } catch (error) {
    if (isUnsupported(error) || isSystemError(error, 'EPERM') || isSystemError(error, 'EACCES')) return false
    throw error
  }
}
