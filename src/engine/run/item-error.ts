import { fileError, isSystemError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'

/**
 * What costs one image or one album, as its error; what ends the run is thrown on. Whatever the system says of one place in `output` is that
 * place's, but for a disk that is full, broken or gone.
 */
export function itemError(error: unknown, output: string): SmugdlError {
  const known = fileError(error, output)
  if (known instanceof SmugdlError && known.kind === 'item') return known
  if (!isSystemError(known)) throw known
  const { message, path, cause = known } = known
  return new SmugdlError('item', { what: `The system refused (${message})`, item: path, next: 'Run again', cause })
}
