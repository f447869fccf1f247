/**
 * Thrown by a hook: where the exporter keeps its pictures is gone, full or closed to it. Ends the run with exit code 4, once, instead of failing
 * picture by picture. A plugin without npm at hand throws any error of this `name`.
 */
export class DestinationError extends Error {
  override readonly name = 'DestinationError'
  /** What the user can do, a sentence. */
  readonly next: string | undefined

  constructor(message: string, { next, cause }: { next?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.next = next
  }
}

/** Whether an error is one, whoever made it. */
export function isDestinationError(error: unknown): error is Error & { readonly next?: unknown } {
  return error instanceof Error && error.name === 'DestinationError'
}
