import { SmugdlError } from '../../error.ts'

/** The error of an aborted signal: its own reason where that is one of ours. */
export function cancelledBy(signal: AbortSignal): SmugdlError {
  const reason: unknown = signal.reason
  return reason instanceof SmugdlError ? reason : new SmugdlError('cancelled', { what: 'Interrupted', cause: reason })
}
