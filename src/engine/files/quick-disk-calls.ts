import {
  close,
  closeSync,
  fsync,
  ftruncate,
  linkSync,
  lstatSync,
  open,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  utimesSync,
  write,
  writeSync,
} from 'node:fs'
import * as promised from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { removeFile } from '../../catalog/remove-file.ts'

/*
 * Brief disk calls, with the interface of Node's promises. An `lstat` costs 13 µs of processor time through the thread pool and 2 µs when it is made
 * synchronously, and a picture takes a dozen such calls. Where they are slow (a network, a disk that is waking up), they go through the
 * pool, in which several wait at the same time and nothing else waits for them.
 */
export function brief<Given extends unknown[], Result>(
  now: (...given: Given) => Result,
  later: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return async (...given) => {
    if (toBeLate > 0) {
      toBeLate -= 1
      return later(...given)
    }
    const beganAt = performance.now()
    try {
      return now(...given)
    } finally {
      const endedAt = performance.now()
      heed(endedAt - beganAt)
      // A loop of nothing but such calls must let others have their turn, for example Ctrl-C.
      if (endedAt - turnAt > turnMs) {
        turnAt = endedAt
        await turn()
      }
    }
  }
}

/** Milliseconds. */
const turnMs = 10
let turnAt = 0

/** From this many milliseconds, a call is not brief. An occasional one only shows that the machine is busy; if most are, it is the disk. */
const slow = 1
/** Number of calls that then go through the pool before the next synchronous attempt. */
const lateOnes = 256
let slowShare = 0
let toBeLate = 0

function heed(tookMs: number): void {
  slowShare += ((tookMs > slow ? 1 : 0) - slowShare) / 16
  if (slowShare < 0.5) return
  slowShare = 0.25
  toBeLate = lateOnes
}

export const lstat = brief(
  (path: string): Stats => lstatSync(path),
  (path) => promised.lstat(path),
)
/** Undefined if nothing is there. */
export const lstatIfThere = brief(
  (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false }),
  (path) =>
    promised.lstat(path).catch((error) => {
      if (error.code !== 'ENOENT') throw error
      return undefined
    }),
)
export const link = brief((from: string, to: string) => linkSync(from, to), promised.link)
export const unlink = brief((path: string) => unlinkSync(path), promised.unlink)
/** A file that is already gone is no error. */
export const remove = brief(
  (path: string) => {
    // An error costs more than the check that avoids it.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) removeFile(path)
  },
  (path) => promised.rm(path, { force: true }),
)
export const rename = brief((from: string, to: string) => renameSync(from, to), promised.rename)
export const utimes = brief(
  (path: string, accessed: Date, modified: Date) => utimesSync(path, accessed, modified),
  promised.utimes,
)

const openLater = promisify(open) as (path: string, flags: string) => Promise<number>
const openNow = brief((path: string, flags: string) => openSync(path, flags), openLater)
const closeNow = brief(closeSync, promisify(close))
const syncLater = promisify(fsync)
const truncateLater = promisify(ftruncate)
const writeNow = brief(
  (file: number, bytes: Uint8Array, at: number) => writeSync(file, bytes, 0, bytes.byteLength, at),
  async (file, bytes, at) => (await writeLater(file, bytes, 0, bytes.byteLength, at)).bytesWritten,
)
const writeLater = promisify(write) as unknown as (
  file: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  at: number,
) => Promise<{ bytesWritten: number }>

/** A file being written. The opener closes it; closing twice does no harm. */
export class OpenFile {
  readonly #file: number
  #isOpen = true

  private constructor(file: number) {
    this.#file = file
  }

  /** `w`: new or empty. `r+`: as it is. */
  static async at(path: string, flags: 'w' | 'r+'): Promise<OpenFile> {
    return new OpenFile(await openNow(path, flags))
  }

  /** Number of bytes that the disk accepted. */
  write(bytes: Uint8Array, at: number): Promise<number> {
    return writeNow(this.#file, bytes, at)
  }

  truncate(size: number): Promise<void> {
    return truncateLater(this.#file, size)
  }

  /** Always slow, so always through the pool. */
  sync(): Promise<void> {
    return syncLater(this.#file)
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await closeNow(this.#file)
  }
}
