/**
 * What went wrong, by what it means for the run (one exit code each, `src/cli/exit.ts`):
 * - `usage`: a flag, option, configuration or plugin that cannot be used; nothing starts
 * - `auth`: no token, token refused, account refuses; ends the run
 * - `destination`: locked, full, not writable, another account's; ends the run
 * - `unreachable`: no network, or failing beyond the retry budget; ends the run
 * - `item`: one image, album or delivery is not safe; the rest goes on
 * - `cancelled`: Ctrl-C, SIGTERM, SIGHUP; ends the run, state consistent
 * - `stopped`: on purpose, by --max-duration; nothing failed, and not all is done
 * - `bug`: a broken invariant, what nobody foresaw; ends the run
 */
export type ErrorKind = 'usage' | 'auth' | 'destination' | 'unreachable' | 'item' | 'cancelled' | 'stopped' | 'bug'

/** Who throws knows: never again, again with the usual back-off, or not before a number of milliseconds. */
export type RetryAdvice = 'no' | 'yes' | { afterMs: number }

export interface ErrorDetails {
  /** What happened, as a sentence without its full stop. Never holds a secret. */
  what: string
  /** To which item: a path, an address without its query, an album. */
  item?: string | undefined
  /** What the user can do next, as a sentence. */
  next?: string | undefined
  /** Default `no`. */
  retry?: RetryAdvice
  cause?: unknown
}

/** The one error of this program that is expected; everything else that is thrown is a `bug`. */
export class SmugdlError extends Error {
  override readonly name = 'SmugdlError'
  readonly kind: ErrorKind
  readonly what: string
  readonly item: string | undefined
  readonly next: string | undefined
  readonly retry: RetryAdvice

  constructor(kind: ErrorKind, { what, item, next, retry = 'no', cause }: ErrorDetails) {
    super([item === undefined ? what : `${what}: ${item}`, next].filter(Boolean).join('. '), { cause })
    this.kind = kind
    this.what = what
    this.item = item
    this.next = next
    this.retry = retry
  }
}
