import { realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { SmugdlError } from '../error.ts'

/** Throws `usage` for a file within a `.smugdl`, however it is spelled: what is in there is smugdl's memory, and a file over it would end that. */
export function refuseOwn(path: string, flag: string): void {
  if (![path, real(path)].some((spelled) => spelled.split(sep).some((name) => name.toLowerCase() === '.smugdl'))) return
  throw new SmugdlError('usage', {
    what: "The folder .smugdl is smugdl's own, and nothing else is written there",
    item: path,
    next: `Choose another file with ${flag}`,
  })
}

function real(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}
