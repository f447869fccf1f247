import { SmugdlError } from '../../error.ts'

/** What one look came to. */
export interface Finding {
  /** What was looked at, in a word. */
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  /** A sentence without its full stop. */
  readonly says: string
  /** What to do about it. */
  readonly next?: string | undefined
}

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says }
}

/** It works, or is not there yet; somebody should know all the same. */
export function warn(check: string, says: string, next?: string): Finding {
  return { check, state: 'warn', says, next }
}

export function fail(check: string, says: string, next?: string): Finding {
  return { check, state: 'fail', says, next }
}

/** What an expected error says, as a finding; an interruption and what nobody foresaw are thrown on. */
export function failure(check: string, error: unknown): Finding {
  if (!(error instanceof SmugdlError) || error.kind === 'cancelled' || error.kind === 'bug') throw error
  const { what, item, next } = error
  return fail(check, item === undefined ? what : `${what}: ${item}`, next)
}
