import { closeSync, constants, copyFileSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSystemError } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'

/**
 * Copies a catalog that a run is writing to, consistently, as file and log. SQLite would not let another process read them (the run shares no
 * memory with others, so that homes on NFS and SMB work). The log only grows until its contents are moved into the file and it starts over;
 * a copy during which that happened is discarded, and SQLite ignores a half-written last entry.
 */
export async function snapshot(path: string, copy: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = markOf(path)
    if (before !== undefined) {
      copyFileSync(path, copy, constants.COPYFILE_FICLONE)
      copyIfThere(`${path}-wal`, `${copy}-wal`)
      if (markOf(path) === before) return
    }
    await sleep(pauseMs)
  }
  throw new SmugdlError('destination', {
    what: 'A run is writing so much that nothing can be looked at',
    item: path,
    next: 'Ask again in a moment',
  })
}

const attempts = 100
const pauseMs = 30

/**
 * A fingerprint that changes when the file is written to or the log starts over. Undefined while the file is so new that a change in the same
 * tick of the disk's clock would not show.
 */
function markOf(path: string): string | undefined {
  const { size, mtimeNs, mtimeMs } = statSync(path, { bigint: true })
  const age = Date.now() - Number(mtimeMs)
  if (age >= 0 && age < pauseMs) return undefined
  return `${size} ${mtimeNs} ${headOf(`${path}-wal`)}`
}

/** The header of the log, which contains new numbers each time it starts over. */
function headOf(log: string): string {
  const bytes = Buffer.alloc(32)
  try {
    const file = openSync(log, 'r')
    try {
      readSync(file, bytes, 0, bytes.length, 0)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error
  }
  return bytes.toString('hex')
}

function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error
    rmSync(to, { force: true })
  }
}
