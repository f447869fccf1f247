import { SmugdlError } from '../error.ts'

/** What `act` does to the files at `path`; a failure of the system is told as a `destination` error. */
export function onDisk<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    throw new SmugdlError('destination', {
      what: 'The output folder cannot be used',
      item: `${path} (${cause.message})`,
      next: 'Check that it exists, that you may write to it and that the disk has room',
      cause,
    })
  }
}

export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && (code === undefined || ('code' in error && error.code === code))
  )
}
