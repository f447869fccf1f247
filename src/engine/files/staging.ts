import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { fileId } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { syncFile } from './fsync.ts'
import { isCopyBeside } from './other-disk.ts'

/** Where the files of an output wait until every exporter has had them. */
export function stagingOf(output: string): string {
  return join(output, '.smugdl', 'staging')
}

/**
 * The folder where bytes wait until they are verified and delivered. It is on the destination's file system, so that a rename is enough.
 * A file's name is a digest of what it will be, so a later run finds what an interrupted one left. (A key cannot be the file name: keys may
 * differ only in case.)
 */
export class Staging {
  readonly folder: string
  readonly #output: string
  readonly #left = new Set<string>()

  constructor(output: string) {
    this.folder = stagingOf(output)
    this.#output = output
  }

  /** Makes the folder, and looks for what an interrupted run left in it. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const names = await readdir(this.folder)
    // Useless, and their names are reused.
    for (const name of names.filter(isScratch)) await rm(join(this.folder, name), { force: true, recursive: true })
    for (const name of names.filter((name) => !isScratch(name))) {
      const path = join(this.folder, name)
      // Anything else here is not ours and must not be opened: a pipe would wait for ever.
      if (!(await lstat(path).catch(() => undefined))?.isFile()) {
        await rm(path, { recursive: true, force: true })
        continue
      }
      if (name.endsWith(besideEnding)) {
        await this.#removeBeside(path)
        continue
      }
      // Killed between giving a file its final name and removing this one: writing here would write there.
      if ((await stat(path)).nlink > 1) await this.#separate(path)
      this.#left.add(name)
    }
  }

  /** Notes a copy that is about to be made elsewhere in the output (`copyBeside`), so that the run after a kill removes it. */
  async announceBeside(path: string): Promise<void> {
    await writeFile(join(this.folder, `${basename(path)}${besideEnding}`), path)
  }

  async #removeBeside(note: string): Promise<void> {
    const path = await readFile(note, 'utf8').catch(() => '')
    if (path.startsWith(this.#output + sep) && !path.includes(`${sep}..${sep}`) && isCopyBeside(path))
      await rm(path, { force: true })
    await rm(note, { force: true })
  }

  async #separate(path: string): Promise<void> {
    const copy = this.scratchPath()
    await copyFile(path, copy, constants.COPYFILE_FICLONE)
    await rename(copy, path)
  }

  /** Path of the bytes of `id`, complete or partial. */
  path(id: string): string {
    return join(this.folder, `${id}${bytesEnding}`)
  }

  /** Number of bytes of `id` that an earlier run left; undefined if none, or if they were used. */
  async leftSize(id: string): Promise<number | undefined> {
    if (!this.#left.has(`${id}${bytesEnding}`)) return undefined
    const there = await stat(this.path(id)).catch((error) => {
      if (error.code !== 'ENOENT') throw error
    })
    return there?.size
  }

  /** What an earlier run left of `id`, to resume from. */
  async leftover(id: string): Promise<Partial & { durable: number }> {
    const size = await this.leftSize(id)
    if (size === undefined) return { size: 0, validator: undefined, durable: 0 }
    const { validator, durable } = await readFile(this.#markPath(id), 'utf8')
      .then(readMark)
      .catch(() => noMark)
    return { size, validator, durable: Math.min(durable, size) }
  }

  /** Notes what a later run needs to resume `id`. `durable` is for bytes without an MD5: this many of them survive a power cut. */
  async mark(id: string, validator: string, durable?: number): Promise<void> {
    const scratch = this.scratchPath()
    // A mark of earlier bytes must not come back over newer ones.
    await writeFile(scratch, JSON.stringify({ validator, durable }))
    if (durable !== undefined) await syncFile(scratch)
    await rename(scratch, this.#markPath(id))
  }

  /** A name for something that no later run can use. Every run uses the same names, so that tests can make each call on them fail. */
  scratchPath(): string {
    scratch += 1
    return join(this.folder, `${scratch}${scratchEnding}`)
  }

  #markPath(id: string): string {
    return join(this.folder, `${id}.mark`)
  }

  /** Removes all files except those of these ids. */
  async clear(keep: ReadonlySet<string> = new Set()): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!keep.has(name.split('.', 1)[0] ?? '')) await rm(join(this.folder, name), { force: true, recursive: true })
    }
  }
}

/** Number of bytes of a file already in staging, and the ETag or Last-Modified of their answer. */
export interface Partial {
  size: number
  validator: string | undefined
}

const bytesEnding = '.part'
const besideEnding = '.beside'
const noMark = { validator: undefined, durable: 0 }

/** Throws if a power cut damaged it. */
function readMark(text: string): { validator: string | undefined; durable: number } {
  const { validator, durable = 0 } = JSON.parse(text)
  return typeof validator === 'string' && Number.isSafeInteger(durable) && durable >= 0
    ? { validator, durable }
    : noMark
}

const scratchEnding = '.tmp'

let scratch = 0

function isScratch(name: string): boolean {
  return name.endsWith(scratchEnding)
}

type Identified = Pick<ListingRow, 'image' | 'component' | 'serial' | 'source'>

/** Identifies an image's bytes: by their MD5, whatever image has them or, if SmugMug provides none, by the image and its version. */
export function stagingIdOf(row: Identified): string {
  const known = ids.get(row)
  if (known !== undefined) return known
  const { source, serial } = row
  const { kind, size = '', md5 } = source.kind === 'none' ? { kind: source.kind } : source
  const facts = md5 === undefined ? [fileId(row), serial, kind, size] : [md5, kind, size]
  const id = hash('sha256', facts.join('\n')).slice(0, 40)
  ids.set(row, id)
  return id
}

/** Each row is asked about half a dozen times while its picture comes home. */
const ids = new WeakMap<Identified, string>()
