import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The folder where bytes wait until they are verified and delivered: on the destination's file system, so that a rename is enough.
 * A file's name is a digest of what it will be, so a later run finds what an interrupted one left. (Keys may differ by case only,
 * so a key itself is no file name.)
 */
export class Staging {
  readonly folder: string

  constructor(output: string) {
    this.folder = join(output, '.smugdl', 'staging')
  }

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
  }

  /** Not yet verified. */
  partPath(id: string): string {
    return join(this.folder, `${id}.part`)
  }

  /** ETag or Last-Modified of the answer that `partPath` began with. */
  validatorPath(id: string): string {
    return join(this.folder, `${id}.validator`)
  }

  /** Verified. */
  filePath(id: string): string {
    return join(this.folder, `${id}.file`)
  }

  /** A name for something that no later run can use. */
  scratchPath(): string {
    scratch += 1
    return join(this.folder, `${process.pid}-${scratch}.tmp`)
  }

  /** Removes all files but those of these ids. */
  async clear(keep: ReadonlySet<string> = new Set()): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!keep.has(name.replace(/\..*$/, ''))) await rm(join(this.folder, name), { force: true, recursive: true })
    }
  }
}

let scratch = 0

/** What tells one version of an image's bytes from another. */
export function stagingId(
  image: string,
  serial: number,
  source: { kind: string; size?: number; md5?: string },
): string {
  return createHash('sha256')
    .update([image, serial, source.kind, source.size ?? '', source.md5 ?? ''].join('\n'))
    .digest('hex')
    .slice(0, 40)
}
