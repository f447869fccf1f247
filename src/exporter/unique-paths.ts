import { clashKey } from './clash-key.ts'
import type { SafeName } from './safe-name.ts'
import { uniqueNames } from './unique-names.ts'

/** A file of an album by the path that a template gives it: names from the output down, each safe. */
export interface WantedPath<K extends string = string> {
  readonly key: K
  readonly path: readonly string[]
}

/**
 * Paths for all files of an album, no two of which are one file on any system, nor one a folder of the other, whatever their order: where
 * paths clash, each of them gets its key, as with `uniqueNames`. Throws `TypeError` when two have one key.
 */
export function uniquePaths<K extends string>(wanted: Iterable<WantedPath<K>>): Map<K, string[]> {
  const all = [...wanted]
  const folders = new Map<string, Set<string>>()
  for (const { path } of all) {
    for (const [depth, name] of path.slice(0, -1).entries()) {
      const around = folderKey(path.slice(0, depth))
      folders.set(around, (folders.get(around) ?? new Set()).add(name))
    }
  }
  const unique = new Map<K, string[]>()
  for (const [folder, files] of Map.groupBy(all, ({ path }) => folderKey(path.slice(0, -1)))) {
    const named = files.map(({ key, path }) => ({ key, displayName: path.at(-1) ?? '', isFile: true }))
    const names: ReadonlyMap<K, SafeName> = uniqueNames(named, folders.get(folder))
    for (const { key, path } of files) unique.set(key, [...path.slice(0, -1), names.get(key) ?? key])
  }
  return unique
}

function folderKey(names: readonly string[]): string {
  return names.map(clashKey).join('/')
}
