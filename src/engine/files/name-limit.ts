import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError } from '../../disk-error.ts'
import { nameSize, shortened, splitExtension } from '../../exporter/safe-name.ts'

/** Every known disk accepts names of this length. */
const surely = 100

/** Nearly every disk accepts names of this length. */
const longest = 255

/**
 * The maximum length of names on a disk: 255 on most, 143 where names are encrypted (eCryptfs, used for the encrypted shares of some NAS). It is tested
 * on the disk itself, and only when a name comes that may be too long.
 */
export class NameLimit {
  readonly #folder: string
  #limit: Promise<number> | undefined
  /** The names that were too long, each once. */
  readonly shortened = new Set<string>()
  /** In bytes; undefined until it is needed. */
  limitFound: number | undefined

  /** `folder` is on the disk, and ours to write to. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Turns a path into one that the disk accepts. A name that is too long is cut and marked with a digest of the full name: the same in every run, and unique. */
  async fitted(path: string): Promise<string> {
    const names = path.split('/')
    if (names.every((name) => nameSize(name) <= surely)) return path
    this.#limit ??= longestNameIn(this.#folder)
    const limit = await this.#limit
    this.limitFound = limit
    return names.map((name) => (nameSize(name) <= limit ? name : this.#cut(name, limit))).join('/')
  }

  #cut(name: string, limit: number): string {
    this.shortened.add(name)
    const { stem, extension } = splitExtension(name)
    const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
    return `${shortened(stem, limit - nameSize(mark) - nameSize(extension))}${mark}${extension}`
  }
}

/** By bisection, with empty files that are removed again. */
export async function longestNameIn(folder: string): Promise<number> {
  if (await takes(longest, folder)) return longest
  let [taken, refused] = [surely, longest]
  while (refused - taken > 1) {
    const size = Math.floor((taken + refused) / 2)
    if (await takes(size, folder)) taken = size
    else refused = size
  }
  return taken
}

async function takes(size: number, folder: string): Promise<boolean> {
  const path = join(folder, `${'n'.repeat(size - '.tmp'.length)}.tmp`)
  try {
    const handle = await open(path, 'wx')
    await handle.close()
    await rm(path, { force: true })
    return true
  } catch (error) {
    if (isSystemError(error, 'ENAMETOOLONG')) return false
    if (isSystemError(error, 'EEXIST')) return true
    throw error
  }
}
