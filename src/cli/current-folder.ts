import { SmugdlError } from '../error.ts'

/** Throws `usage` where it was deleted, or is out of the user's reach: whoever names absolute paths does not need it. */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new SmugdlError('usage', {
      what: 'The current folder is no longer there',
      next: 'Change to another folder (cd), or name absolute paths, as in --output /photos',
      cause,
    })
  }
}
