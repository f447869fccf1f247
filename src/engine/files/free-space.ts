import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { bytes } from '../../byte-size.ts'
import { SmugdlError } from '../../error.ts'
import { stagingOf } from './staging.ts'

/** Refuses to begin what cannot end: compares what is still to be fetched with what is free. */
export class Space {
  readonly #output: string
  readonly #checks: boolean
  #outstanding = 0

  constructor(output: string, checks: boolean) {
    this.#output = output
    this.#checks = checks
  }

  /** This many more bytes are known to be needed. Throws `destination` when all that is needed is more than is free. */
  async need(more: number): Promise<void> {
    this.#outstanding += more
    if (!this.#checks || more === 0) return
    const free = await freeBytes(this.#output)
    if (free === undefined || this.#outstanding <= free) return
    // What is under way, or was left by an interrupted run, has taken its room already.
    if (this.#outstanding <= free + (await bytesIn(stagingOf(this.#output)))) return
    throw new SmugdlError('destination', {
      what: 'The pictures do not fit on the disk',
      item: `${this.#output}: ${bytes(this.#outstanding)} needed, ${bytes(free)} free: ${bytes(this.#outstanding - free)} short`,
      next: 'Free space, choose another disk with --output, or begin all the same with --no-space-check',
    })
  }

  /** This many of them are on the disk now, or will not come. */
  settled(bytes: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - bytes)
  }
}

/** Far above what SmugMug takes of a photo or a video: an answer that goes on is none. */
const largestFile = 64 * 1024 ** 3
/** Bytes that a file whose end nobody knows leaves to all the others. */
const spared = 256 * 1024 ** 2

/** Why a file in this folder, of which SmugMug provides no size, is not to grow beyond a number of bytes; undefined when it may. */
export async function noRoomToGrow(folder: string, have: number): Promise<string | undefined> {
  if (have > largestFile) return `it goes on after ${bytes(largestFile)}`
  const { bavail, bsize, blocks } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0, blocks: 0 }))
  // A file system that reports no blocks at all says nothing.
  return blocks > 0 && bavail * bsize < spared
    ? `it goes on after ${bytes(have)}, and the disk is nearly full`
    : undefined
}

/** What the files of a folder come to; those that go meanwhile count for nothing. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = names.map(async (name) => (await lstat(join(folder, name)).catch(() => undefined))?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Bytes that may still be written where a folder is; undefined where the file system does not say, or says 0 for everything. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const stats = await statfs(folder).catch(() => undefined)
  return stats === undefined || stats.blocks === 0 ? undefined : stats.bavail * stats.bsize
}
