import { createHash } from 'node:crypto'
import { clashKey } from './clash-key.ts'
import { maxNameSize, nameSize, type SafeName, safeName, shortened, splitExtension } from './safe-name.ts'
import { isOneName } from './safe-path.ts'

/** What is to be named in a folder. */
export interface NamedEntry<K extends string = string> {
  /** Its identity, unlike all others in the folder: ImageKey, AlbumKey, NodeID. */
  readonly key: K
  /** What its name gets where it clashes; the key if absent. */
  readonly label?: string
  readonly displayName: string
  /** Its name on disk since an earlier run; to be left out when the display name has changed and it is to be renamed. */
  readonly given?: string | undefined
  /** A file's suffix goes before its extension. */
  readonly isFile: boolean
}

/**
 * Names for all entries of one folder, no two of which are one file on any system, whatever the order of the entries. A name that was given
 * stays, and nothing that comes later changes it. Where display names clash, every one of them gets its key, `IMG_1 [kQ3v9Zt].jpg`, and
 * where even that clashes (keys may differ by case alone) a hash too, `IMG_1 [kQ3v9Zt-1f0c99ab].jpg`.
 *
 * `taken` are names of this folder that no entry may get, not even as a given one: `.smugdl`, plugins' folders, what deleted images left.
 * Of entries that were given clashing names (they came from a disk that distinguishes case), the one with the smallest key keeps it.
 * Throws `TypeError` when two entries have one key.
 */
export function uniqueNames<K extends string>(
  entries: Iterable<NamedEntry<K>>,
  taken: Iterable<string> = [],
): Map<K, SafeName> {
  const occupied = new Set(Array.from(taken, clashKey))
  const names = new Map<K, SafeName>()
  const unnamed: Attempt<K>[] = []
  for (const entry of inOrderOfKeys(entries)) {
    const { given } = entry
    if (given !== undefined && isOneName(given) && !occupied.has(clashKey(given))) {
      occupied.add(clashKey(given))
      names.set(entry.key, given)
    } else unnamed.push(attempt(entry, 0))
  }
  for (const { entry, name } of settled(unnamed, occupied)) names.set(entry.key, name)
  return names
}

/** A name that an entry tries: its `distinction` is how often it has given way to others. */
interface Attempt<K extends string> {
  readonly entry: NamedEntry<K>
  readonly distinction: number
  readonly name: SafeName
  readonly clash: string
}

function attempt<K extends string>(entry: NamedEntry<K>, distinction: number): Attempt<K> {
  const plain = safeName(entry.displayName, entry.key)
  const name = distinction === 0 ? plain : suffixed(plain, suffix(entry, distinction), entry.isFile)
  return { entry, distinction, name, clash: clashKey(name) }
}

/**
 * In rounds in which all clashes are resolved at once, so that no entry comes first. In each, those give way that have done so least often:
 * what is really called `a [kQ3v9Zt].jpg` does, and the `a.jpg` that has just become that does not.
 */
function settled<K extends string>(attempts: Attempt<K>[], occupied: ReadonlySet<string>): Attempt<K>[] {
  const givingWay = new Set<Attempt<K>>()
  for (const [clash, rivals] of Map.groupBy(attempts, ({ clash }) => clash)) {
    if (rivals.length === 1 && !occupied.has(clash)) continue
    const least = rivals.reduce((least, { distinction }) => Math.min(least, distinction), Number.POSITIVE_INFINITY)
    for (const rival of rivals) if (rival.distinction === least) givingWay.add(rival)
  }
  if (givingWay.size === 0) return attempts
  return settled(
    attempts.map((tried) => (givingWay.has(tried) ? attempt(tried.entry, tried.distinction + 1) : tried)),
    occupied,
  )
}

function suffixed(name: SafeName, suffix: string, isFile: boolean): SafeName {
  const { stem, extension } = isFile ? splitExtension(name) : { stem: name, extension: '' }
  const start = shortened(stem, maxNameSize - nameSize(suffix) - nameSize(extension)).trimEnd()
  return `${start}${suffix}${extension}`.trimStart() as SafeName
}

function suffix({ key, label: shown = key }: NamedEntry, distinction: number): string {
  const label = /^[\w-]{1,40}$/.test(shown) ? shown : hash(shown)
  return distinction === 1 ? ` [${label}]` : ` [${label}-${hash(`${distinction} ${key}`)}]`
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function inOrderOfKeys<K extends string>(entries: Iterable<NamedEntry<K>>): NamedEntry<K>[] {
  const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1))
  for (const [index, { key }] of sorted.entries()) {
    if (key === sorted[index + 1]?.key) throw new TypeError(`Two entries of a folder have the key ${key}`)
  }
  return sorted
}
