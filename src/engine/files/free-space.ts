import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { bytes } from '../../byte-size.ts'
import { SmugdlError } from '../../error.ts'
import { stagingOf } from './staging.ts'

/** Refuses to begin what cannot be finished: compares the bytes still to be fetched with the free space. */
export class Space {
  readonly #output: string
  readonly #checks: boolean
  #outstanding = 0

  constructor(output: string, checks: boolean) {
    this.#output = output
    this.#checks = checks
  }

  /** Adds bytes known to be needed. Throws `destination` if more is needed than is free. */
  async need(more: number): Promise<void> {
    this.#outstanding += more
    if (!this.#checks || more === 0) return
    const free = await freeBytes(this.#output)
    if (free === undefined || this.#outstanding <= free) return
    // Files in progress, or left by an interrupted run, already occupy their space.
    if (this.#outstanding <= free + (await bytesIn(stagingOf(this.#output)))) return
    throw new SmugdlError('destination', {
      what: 'The pictures do not fit on the disk',
      item: `${this.#output}: ${bytes(this.#outstanding)} needed, ${bytes(free)} free: ${bytes(this.#outstanding - free)} short`,
      next: 'Free space, choose another disk with --output, or begin all the same with --no-space-check',
    })
  }

  /** Subtracts bytes that are now on the disk, or will not come. */
  settled(bytes: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - bytes)
  }
}

/** Far above what SmugMug accepts for a photo or a video: a longer answer is not one. */
const largestFile = 64 * 1024 ** 3
/** Bytes that a file of unknown size must leave free for all others. */
const spared = 256 * 1024 ** 2

/** The reason why a file without an announced size must not grow beyond a number of bytes in this folder; undefined if it may. */
export async function noRoomToGrow(folder: string, have: number): Promise<string | undefined> {
  if (have > largestFile) return `it goes on after ${bytes(largestFile)}`
  const { bavail, bsize, blocks } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0, blocks: 0 }))
  // A file system that reports no blocks at all says nothing.
  return blocks > 0 && bavail * bsize < spared
    ? `it goes on after ${bytes(have)}, and the disk is nearly full`
    : undefined
}

/** Total size of the files in a folder; those that disappear meanwhile do not count. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = names.map(async (name) => (await lstat(join(folder, name)).catch(() => undefined))?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Bytes that can still be written where a folder is; undefined if the file system does not say, or reports 0 for everything. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const stats = await statfs(folder).catch(() => undefined)
  return stats === undefined || stats.blocks === 0 ? undefined : stats.bavail * stats.bsize
}
