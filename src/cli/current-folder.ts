import { SmugdlError } from '../error.ts'

/** Throws `usage` if it was deleted or is out of the user's reach. Absolute paths do not need it. */
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
