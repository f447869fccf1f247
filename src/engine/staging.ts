import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListingRow } from '../catalog/listings.ts'

/**
 * The folder where bytes wait until they are verified and delivered: on the destination's file system, so that a rename is enough.
 * A file's name is a digest of what it will be, so a later run finds what an interrupted one left. (Keys may differ by case only,
 * so a key itself is no file name.)
 */
export class Staging {
  readonly folder: string
  readonly #left = new Set<string>()

  constructor(output: string) {
    this.folder = join(output, '.smugdl', 'staging')
  }

  /** Makes the folder, and looks what an interrupted run left in it. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name)
      // Killed between giving a file its final name and taking this one away: writing here would write there.
      if ((await stat(path)).nlink > 1) await this.#separate(path)
      this.#left.add(name)
    }
  }

  async #separate(path: string): Promise<void> {
    const copy = this.scratchPath()
    await copyFile(path, copy, constants.COPYFILE_FICLONE)
    await rename(copy, path)
  }

  /** Where the bytes of `id` are, come all or in part. */
  path(id: string): string {
    return join(this.folder, `${id}${bytesEnding}`)
  }

  /** How many bytes of `id` an earlier run left; undefined for none, or when they were used up. */
  async leftSize(id: string): Promise<number | undefined> {
    if (!this.#left.has(`${id}${bytesEnding}`)) return undefined
    const there = await stat(this.path(id)).catch((error) => {
      if (error.code !== 'ENOENT') throw error
    })
    return there?.size
  }

  /** What an earlier run left of `id`, to go on with. */
  async leftover(id: string): Promise<Partial> {
    const size = await this.leftSize(id)
    if (size === undefined) return { size: 0, validator: undefined }
    return { size, validator: await readFile(this.#validatorPath(id), 'utf8').catch(() => undefined) }
  }

  /** Keeps the validator of a large file, for a run that goes on with it; a small one is fetched again as quickly. */
  async keepValidator(id: string, validator: string | undefined, size: number): Promise<void> {
    if (validator !== undefined && size >= worthResuming) await writeFile(this.#validatorPath(id), validator)
  }

  /** A name for something that no later run can use. */
  scratchPath(): string {
    scratch += 1
    return join(this.folder, `${process.pid}-${scratch}.tmp`)
  }

  #validatorPath(id: string): string {
    return join(this.folder, `${id}.validator`)
  }

  /** Removes all files but those of these ids. */
  async clear(keep: ReadonlySet<string> = new Set()): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!keep.has(name.replace(/\..*$/, ''))) await rm(join(this.folder, name), { force: true, recursive: true })
    }
  }
}

/** Bytes of a file that are in staging already, and the ETag or Last-Modified of the answer that they came with. */
export interface Partial {
  size: number
  validator: string | undefined
}

const bytesEnding = '.part'
/** Bytes. */
const worthResuming = 4 * 1024 * 1024

let scratch = 0

/** The id of an image's bytes. */
export function stagingIdOf({ image, serial, source }: Pick<ListingRow, 'image' | 'serial' | 'source'>): string {
  return stagingId(image, serial, source.kind === 'none' ? { kind: 'none' } : source)
}

/** What tells one version of an image's bytes from another. */
function stagingId(image: string, serial: number, source: { kind: string; size?: number; md5?: string }): string {
  return createHash('sha256')
    .update([image, serial, source.kind, source.size ?? '', source.md5 ?? ''].join('\n'))
    .digest('hex')
    .slice(0, 40)
}
