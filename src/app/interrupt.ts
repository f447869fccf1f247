import type { EventEmitter } from 'node:events'

export interface Interrupt extends Disposable {
  /** Aborted by the first signal: start nothing new. */
  readonly winding: AbortSignal
  /** Aborted by the second signal, or 10 seconds after the first: stop at once. */
  readonly signal: AbortSignal
}

/**
 * Listens for Ctrl-C, SIGTERM and SIGHUP until it is disposed. `tell` gets the line that says what happens now.
 * A third signal ends the process by itself, should something hold it up.
 */
export function listenForInterrupt(
  tell: (line: string) => void,
  { source = process, graceMs = 10_000 }: { source?: EventEmitter; graceMs?: number } = {},
): Interrupt {
  const winding = new AbortController()
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function interrupted(): void {
    if (winding.signal.aborted) {
      stop.abort()
      release()
      return
    }
    tell(`Stopping: what is under way gets ${graceMs / 1000} s to finish; once more stops at once`)
    timer = setTimeout(() => stop.abort(), graceMs)
    winding.abort()
  }

  /** Without a listener the system's own way is back: the process ends. */
  function release(): void {
    clearTimeout(timer)
    for (const name of signals) source.off(name, interrupted)
  }

  for (const name of signals) source.on(name, interrupted)
  return { winding: winding.signal, signal: stop.signal, [Symbol.dispose]: release }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
