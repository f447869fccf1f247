import { existsSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onDisk } from '../disk-error.ts'

/**
 * Renames a broken catalog to `catalog.broken-<date>.sqlite` beside it, and never deletes or overwrites one. Returns its new path; undefined
 * if there was none. Only the owner of the run's lock may call it.
 */
export function setAside(path: string, now: number): string | undefined {
  return onDisk(path, () => {
    const parts = [...companions, ''].filter((suffix) => existsSync(path + suffix))
    if (parts.length === 0) return undefined
    const aside = freeName(dirname(path), new Date(now).toISOString().slice(0, 10))
    for (const suffix of parts) renameSync(path + suffix, aside + suffix)
    return aside
  })
}

/** Moved first: SQLite deletes the log of a database that does not exist, and must never find an old log beside the next database. */
const companions = ['-wal', '-journal', '-shm']

function freeName(folder: string, date: string): string {
  for (let number = 1; ; number++) {
    const name = join(folder, `catalog.broken-${date}${number === 1 ? '' : `-${number}`}.sqlite`)
    if (['', ...companions].every((suffix) => !existsSync(name + suffix))) return name
  }
}
