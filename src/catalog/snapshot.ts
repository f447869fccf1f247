import { closeSync, constants, copyFileSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSystemError } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'

/**
 * Copies a catalog that a run has and writes to, as it was at one moment: file and log, which SQLite would not let anybody read (the run
 * shares no memory with others, so that homes on NFS and SMB work). The log only grows, until what it holds is moved into the file and it
 * begins again; a copy during which that happened is thrown away, and a last entry that was half written is none to SQLite.
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
 * What changes as soon as the file is written to or the log begins again. Undefined while the file is so new that a change in the same tick
 * of the disk's clock would not show.
 */
function markOf(path: string): string | undefined {
  const { size, mtimeNs, mtimeMs } = statSync(path, { bigint: true })
  const age = Date.now() - Number(mtimeMs)
  if (age >= 0 && age < pauseMs) return undefined
  return `${size} ${mtimeNs} ${headOf(`${path}-wal`)}`
}

/** The head of the log holds numbers that are new each time it begins again. */
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
