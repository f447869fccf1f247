import { SmugdlError } from '../../error.ts'

/** The error for an aborted signal: its own reason if that is a `SmugdlError`. */
export function cancelledBy(signal: AbortSignal): SmugdlError {
  const reason: unknown = signal.reason
  return reason instanceof SmugdlError ? reason : new SmugdlError('cancelled', { what: 'Interrupted', cause: reason })
}
