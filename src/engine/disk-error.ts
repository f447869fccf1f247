import { SmugdlError } from '../error.ts'

const vanished = {
  what: 'The destination is no longer there',
  next: 'Connect the disk again and run again; nothing is lost',
}

const sentences: Record<string, { what: string; next: string }> = {
  ENOSPC: { what: 'The disk is full', next: 'Free space and run again; nothing is lost' },
  EDQUOT: { what: 'Your quota on this disk is used up', next: 'Free space and run again; nothing is lost' },
  EROFS: { what: 'The destination can only be read', next: 'Make it writable or choose another with --output' },
  EACCES: {
    what: 'Writing to the destination is not permitted',
    next: 'Check the rights of the folder or choose another with --output',
  },
  EPERM: {
    what: 'Writing to the destination is not permitted',
    next: 'Check the rights of the folder or choose another with --output',
  },
  EIO: { what: 'The disk reports an error', next: 'Check the disk, then run again; nothing that was recorded is lost' },
  ENOTCONN: vanished,
  ESTALE: vanished,
  ENODEV: vanished,
  ENXIO: vanished,
  EMFILE: { what: 'The system allows no more open files', next: 'Raise the limit (ulimit -n) or lower --concurrency' },
  ENFILE: { what: 'The system allows no more open files', next: 'Close other programs or lower --concurrency' },
}

/** What a failed file operation means for the run: `destination` when the next one would fail as well; anything else comes back as it is. */
export function diskError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error
  const path = 'path' in error ? String(error.path) : undefined
  // Staging is ours for as long as the run lasts: it can only have gone with its disk.
  const hasVanished = error.code === 'ENOENT' && path !== undefined && /[\\/]\.smugdl[\\/]staging[\\/]/.test(path)
  const sentence = hasVanished ? vanished : sentences[String(error.code)]
  if (sentence === undefined) return error
  return new SmugdlError('destination', { ...sentence, item: path, cause: error })
}
