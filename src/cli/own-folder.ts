import { realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { SmugdlError } from '../error.ts'

/**
 * Throws `usage` for a file within a `.smugdl`, however it is spelled: what is in there is smugdl's memory, and a file over it would end
 * that. `allowed` is what smugdl has no other use for: the names of files directly in it.
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
