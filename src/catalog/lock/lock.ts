import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isSystemError, isUnsupported, onDisk } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import { Connection } from '../connection.ts'
import { makeFolder } from '../make-folder.ts'
import { removeFile } from '../remove-file.ts'
import { isBusy } from '../sqlite-error.ts'
import { held, isBeforeBoot, isOfThisBoot, type LockOwner, ourselves, ownerIn, unreleased } from './owner.ts'

/**
 * The right to write to an output: one process at a time, in two parts.
 *
 * `.smugdl/lock` names the owner to every machine that sees the folder. It appears complete or not at all (`link`), so of two machines
 * only one wins. It remains when its owner dies.
 *
 * `.smugdl/lock.alive` shows whether the owner lives: SQLite's lock on an empty database, the only lock in Node that the kernel itself
 * releases, on Linux, macOS and Windows alike. Checking the process id instead would also need the start time, because ids are reused; it fails
 * for containers with process ids of their own, and leaves a gap between the check and the takeover in which a second process can do the
 * same. Here both happen while the kernel excludes all others. Network shares may grant such locks within one machine only, which is
 * sufficient: this file is not used to decide whether an owner on another machine, or from before the last boot, is dead.
 */
export class RunLock {
  readonly #files: Files
  readonly #alive: Connection
  readonly #text: string

  private constructor(files: Files, alive: Connection, text: string) {
    this.#files = files
    this.#alive = alive
    this.#text = text
  }

  /**
   * Takes the lock of the folder `output`, if necessary from a dead owner of the same host and boot. Keep the result until the end of the
   * run. `command`, which others will read, must contain no secret. Throws `destination` if another process holds the lock, naming host, pid
   * and start, and if that cannot be determined, naming the command that clears it.
   */
  static acquire(output: string, facts: { command: string; now: number }): RunLock {
    const files = filesOf(output)
    onDisk(output, () => makeFolder(files.folder))
    const alive = takeAlive(files)
    try {
      const text = `${JSON.stringify(ourselves(facts))}\n`
      onDisk(output, () => claim(files, text))
      return new RunLock(files, alive, text)
    } catch (error) {
      alive.close()
      throw error
    }
  }

  /** May be called again. Removes our lock only: a user may have cleared it, and another run may have begun. */
  release(): void {
    try {
      if (readFileSync(this.#files.lock, 'utf8') === this.#text) removeFile(this.#files.lock)
    } catch {
      // It was cleared, or the disk is gone. A lock that remains has a dead owner, and the next run takes it over.
    }
    this.#alive.close()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

/**
 * Removes the lock of an owner that the user knows to be dead. Returns the owner; undefined if there was none, or the lock could not be
 * read. Throws `destination` if the owner lives on this machine.
 */
export function clearLock(output: string): LockOwner | undefined {
  const files = filesOf(output)
  if (!existsSync(files.folder)) return undefined
  const alive = takeAlive(files)
  try {
    return onDisk(output, () => {
      const found = read(files.lock)
      removeFile(files.lock)
      return found && ownerIn(found.text)
    })
  } finally {
    alive.close()
  }
}

/** The owner named in the lock of `output`, dead or alive. */
export function lockOwner(output: string): LockOwner | undefined {
  const found = onDisk(output, () => read(filesOf(output).lock))
  return found && ownerIn(found.text)
}

interface Files {
  output: string
  folder: string
  lock: string
  alive: string
  /** Of this host alone, so that a kill leaves one at most and no other machine writes to it. */
  temporary: string
}

function filesOf(output: string): Files {
  const folder = join(output, '.smugdl')
  const lock = join(folder, 'lock')
  return {
    output,
    folder,
    lock,
    alive: `${lock}.alive`,
    temporary: `${lock}.new-${hostname().replace(/[^\w-]/g, '_')}`,
  }
}

/** Holds the kernel's lock as long as the connection is open. The wait covers the moment in which another starting process checks it. */
function takeAlive({ output, alive }: Files): Connection {
  let connection: Connection | undefined
  try {
    connection = new Connection(alive, { waitMs: 200 })
    // In memory, because a journal would be one more file, and hot after a kill.
    connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    connection?.close()
    if (isBusy(error)) throw held(output, lockOwner(output))
    throw new SmugdlError('destination', {
      what: 'The output folder cannot be locked',
      item: alive,
      next: 'Check that you may write there and that the disk has room and works; this file is empty and may be deleted while nothing runs',
      cause: error,
    })
  }
}

/** Writes `text` as the lock, unless its owner may be alive. No other process on this machine does so meanwhile. */
function claim(files: Files, text: string): void {
  const { output, lock, temporary } = files
  const found = read(lock)
  if (found !== undefined && !isDead(found)) throw unreleased(output, ownerIn(found.text))
  // A file left by a kill may be a hard link to the lock itself: writing to it would change the lock.
  removeFile(temporary)
  writeWhole(temporary, text)
  if (found === undefined) createLock(files, text)
  else renameSync(temporary, lock)
}

function createLock({ output, lock, temporary }: Files, text: string): void {
  try {
    if (!linked(temporary, lock)) writeWhole(lock, text)
  } catch (error) {
    // Another machine was faster.
    if (isSystemError(error, 'EEXIST')) throw held(output, lockOwner(output))
    throw error
  } finally {
    removeFile(temporary)
  }
}

/** Returns false if hard links are not supported (exFAT, some shares); there the lock is unreadable for the moment in which it is written. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) throw error
    return false
  }
}

/** Writes a new file and syncs it before anything links to it, so that a power cut leaves no empty lock, whose owner would be unknown. */
function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx')
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } catch (error) {
    // A disk that refuses to sync still keeps the lock, except in a power cut.
    if (!isUnsupported(error) || !isSystemError(error) || error.syscall !== 'fsync') throw error
  } finally {
    closeSync(file)
  }
}

interface Found {
  text: string
  modifiedAt: number
}

function read(lock: string): Found | undefined {
  try {
    const there = statSync(lock)
    // Opening a pipe would wait for ever for a writer.
    if (!there.isFile() && !there.isDirectory())
      throw new SmugdlError('destination', {
        what: 'The lock of the output is not a file',
        item: lock,
        next: 'Nothing of smugdl makes such a thing: remove it while nothing runs',
      })
    return { text: readFileSync(lock, 'utf8'), modifiedAt: there.mtimeMs }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Whether the owner is dead. Called while this process holds `lock.alive`, which an owner under the same kernel would still hold. */
function isDead({ text, modifiedAt }: Found): boolean {
  const owner = ownerIn(text)
  return owner === undefined ? isBeforeBoot(modifiedAt) : isOfThisBoot(owner)
}
