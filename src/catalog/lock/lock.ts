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
 * `.smugdl/lock` says who it is, to every machine that sees the folder. It appears complete or not at all (`link`), so of two machines
 * one wins. It stays behind when its owner dies.
 *
 * `.smugdl/lock.alive` shows whether the owner lives: SQLite's lock on an empty database, the only lock in Node that the kernel itself
 * takes back, on Linux, macOS and Windows alike. Asking for the process instead would need its start time against a number that was
 * given again, knows nothing of containers with numbers of their own, and leaves a gap between looking and taking over, in which a second
 * starter does the same; here both happen while the kernel lets nobody else in. Network shares may grant such locks within one machine
 * only, which is all that is asked of it: who died on another machine, or before this one was started, is not concluded.
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
   * Takes the lock of the folder `output`, over from a dead owner of the same host and boot if need be. Keep what it returns until the
   * end of the run. `command`, which others will read, holds no secret. Throws `destination` when another process holds it, naming host,
   * pid and start, and when nobody can say, naming the command that clears it.
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
      // Cleared, or the disk is gone. Left behind it is a dead owner's, which the next run takes over.
    }
    this.#alive.close()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

/**
 * Removes the lock of an owner that the user knows to be dead. Returns whose it was; undefined when nobody's, or when it could not be
 * read. Throws `destination` when the owner lives on this machine.
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

/** Whom the lock of `output` names, dead or alive. */
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

/** The kernel's lock, for as long as the connection is open. The wait bridges the moment in which another starter looks. */
function takeAlive({ output, alive }: Files): Connection {
  let connection: Connection | undefined
  try {
    connection = new Connection(alive, { waitMs: 200 })
    // In memory: a journal would be one more file, and be found hot after a kill.
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

/** Writes `text` as the lock, unless it belongs to somebody who may be alive. Nobody else on this machine does so meanwhile. */
function claim(files: Files, text: string): void {
  const { output, lock, temporary } = files
  const found = read(lock)
  if (found !== undefined && !isDead(found)) throw unreleased(output, ownerIn(found.text))
  // One that a kill left may be the lock itself by another name: written to, it would change the lock.
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

/** False where there are no hard links (exFAT, some shares): there the lock is unreadable for the moment in which it is written. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) throw error
    return false
  }
}

/** A new file. Its bytes are on the disk before anything points to them: a power cut leaves no empty lock that nobody can judge. */
function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx')
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } catch (error) {
    // A disk that makes nothing durable keeps the lock all the same, but for a power cut.
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
    // A pipe would wait for ever for somebody to write.
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

/** Asked while this process holds `lock.alive`: an owner under the same kernel would hold it still. */
function isDead({ text, modifiedAt }: Found): boolean {
  const owner = ownerIn(text)
  return owner === undefined ? isBeforeBoot(modifiedAt) : isOfThisBoot(owner)
}
