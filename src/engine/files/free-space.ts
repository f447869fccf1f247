import { statfs } from 'node:fs/promises'
import type { AlbumRow } from '../../catalog/albums.ts'
import { SmugdlError } from '../../error.ts'

/** Refuses to begin what cannot end: compares what is still to be fetched with what is free. */
export class Space {
  readonly #output: string
  readonly #checks: boolean
  #outstanding = 0

  constructor(output: string, checks: boolean) {
    this.#output = output
    this.#checks = checks
  }

  /** So many more bytes are known to be needed. Throws `destination` when all that is needed is more than is free. */
  async need(bytes: number): Promise<void> {
    this.#outstanding += bytes
    if (!this.#checks || bytes === 0) return
    const { bavail, bsize } = await statfs(this.#output)
    const free = bavail * bsize
    if (this.#outstanding <= free) return
    throw new SmugdlError('destination', {
      what: 'The pictures do not fit on the disk',
      item: `${this.#output}: ${this.#outstanding.toLocaleString('en')} bytes needed, ${free.toLocaleString('en')} bytes free`,
      next: 'Free space, choose another disk with --output, or begin all the same with --no-space-check',
    })
  }

  /** So many of them are on the disk now, or will not come. */
  settled(bytes: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - bytes)
  }
}

/**
 * Bytes that SmugMug announces of an album that was never listed (`OriginalSizes`, smugmug-api 4.3): known before the first listing, so that
 * an account that cannot fit is refused at once. 0 where it announces nothing, or where the listing knows better.
 */
export function announcedBytes({ listed, raw }: AlbumRow): number {
  const bytes = Number(raw.OriginalSizes ?? 0)
  return listed === undefined && bytes > 0 ? bytes : 0
}
