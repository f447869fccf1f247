import type { EventEmitter } from 'node:events'
import { graceMs as usualGraceMs } from '../app/deadline.ts'
import { outlivesTerminal } from './outlives-terminal.ts'

export interface Interrupt extends Disposable {
  /** Aborted by the first signal: start nothing new. */
  readonly draining: AbortSignal
  /** Aborted by the second signal, or `graceMs` after the first: stop at once. */
  readonly signal: AbortSignal
}

interface Options {
  source?: EventEmitter
  graceMs?: number
  hangsUp?: boolean
  /** Ends the process if stopping at once does not. */
  end?: () => void
}

/**
 * Listens for Ctrl-C, SIGTERM and SIGHUP until it is disposed. `print` gets the line that says what happens now. A second signal ends the
 * process within a second, whatever blocks it; a third one at once, because the listener is gone.
 */
export function listenForInterrupt(
  print: (line: string) => void,
  {
    source = process,
    graceMs = usualGraceMs,
    hangsUp = !outlivesTerminal(process.env),
    end = () => process.exit(130),
  }: Options = {},
): Interrupt {
  const signals = ['SIGINT', 'SIGTERM', ...(hangsUp ? ['SIGHUP'] : [])]
  const draining = new AbortController()
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function interrupted(): void {
    if (draining.signal.aborted) {
      release()
      timer = setTimeout(end, patienceMs)
      stop.abort()
      return
    }
    if (openQuestions === 0)
      print(`Stopping: what is under way gets ${graceMs / 1000} s to finish; once more stops at once`)
    timer = setTimeout(() => stop.abort(), graceMs)
    draining.abort()
  }

  /** Without a listener the system's default applies: the process ends. */
  function release(): void {
    clearTimeout(timer)
    for (const name of signals) source.off(name, interrupted)
  }

  for (const name of signals) source.on(name, interrupted)
  return { draining: draining.signal, signal: stop.signal, [Symbol.dispose]: release }
}

const patienceMs = 900

let openQuestions = 0

/** While the user is asked a question nothing is in progress, so Ctrl-C simply ends the process. */
export async function whileAsking<T>(work: () => Promise<T>): Promise<T> {
  openQuestions += 1
  try {
    return await work()
  } finally {
    openQuestions -= 1
  }
}
