import { realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { SmugdlError } from '../error.ts'

/**
 * Throws `usage` for a file within a `.smugdl`, however it is spelled: it contains smugdl's own state, which a file could overwrite. `allowed`:
 * names of files directly in it that smugdl does not use otherwise.
 */
export function refuseInsideOwnFolder(path: string, flag: string, allowed?: RegExp): void {
  const isRefused = (spelled: string) => {
    const names = spelled.split(sep)
    const own = names.findIndex((name) => name.toLowerCase() === '.smugdl')
    return own !== -1 && !(own === names.length - 2 && allowed?.test(names[own + 1] ?? ''))
  }
  if (![path, behindFolders(path), behindLinks(path)].some(isRefused)) return
  throw new SmugdlError('usage', {
    what: "The folder .smugdl is smugdl's own, and nothing else is written there",
    item: path,
    next: `Choose another file with ${flag}`,
  })
}

function behindFolders(path: string): string {
  return join(behindLinks(dirname(path)), basename(path))
}

function behindLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
