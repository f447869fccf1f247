import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** The body of an answer, as it comes. Read once: to its end, or left early, or discarded. */
export interface Body extends AsyncIterable<Uint8Array> {
  /** Frees the connection: for the next request where little is left, else by closing it. Does nothing to a body that was read. Never fails. */
  discard(): Promise<void>
}

interface Received {
  status: number
  headers: IncomingHttpHeaders
  body: Body
}

/**
 * One GET through undici. Rejects, and fails the body, with undici's own errors or the signal's reason. undici's `request()` makes a Node stream of
 * each body, which costs as much processor time as all the rest of an exchange of 30 kB.
 */
export function exchange(
  dispatcher: Dispatcher,
  { signal, onInfo, ...request }: Omit<Dispatcher.DispatchOptions, 'method'> & { signal: AbortSignal; onInfo(): void },
): Promise<Received> {
  const answer = new Answer(signal, onInfo)
  dispatcher.dispatch({ ...request, method: 'GET' }, answer)
  return answer.received
}

/** Bytes that wait to be read while more may come. */
const mostWaiting = 64 * 1024

/** Bytes; reading a rest of this length costs less than a new connection. */
const worthReading = 64 * 1024

class Answer implements Dispatcher.DispatchHandler, Body {
  readonly #signal: AbortSignal
  readonly #onInfo: () => void
  readonly #received = Promise.withResolvers<Received>()
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #waiting = 0
  #isOver = false
  #error: Error | undefined
  /** Called when something came, or the answer is over. */
  #wake = () => {}

  constructor(signal: AbortSignal, onInfo: () => void) {
    this.#signal = signal
    this.#onInfo = onInfo
    signal.addEventListener('abort', this.#abort)
    if (signal.aborted) this.#abort()
  }

  get received(): Promise<Received> {
    return this.#received.promise
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(this.#error ?? left())
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) this.#onInfo()
    else this.#received.resolve({ status, headers, body: this })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#waiting += chunk.length
    if (this.#waiting > mostWaiting) controller.pause()
    this.#wake()
  }

  onResponseEnd(): void {
    this.#end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(error)
  }

  /** What came before it broke is yielded first. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift()
        if (chunk !== undefined) {
          this.#waiting -= chunk.length
          yield chunk
        } else if (this.#isOver) {
          if (this.#error !== undefined) throw this.#error
          return
        } else {
          // Before the answer goes on, as more of it may come within the call.
          const more = new Promise<void>((wake) => {
            this.#wake = wake
          })
          this.#controller?.resume()
          await more
        }
      }
    } finally {
      if (!this.#isOver) this.#controller?.abort(left())
    }
  }

  async discard(): Promise<void> {
    if (this.#isOver) return
    try {
      let rest = worthReading
      for await (const chunk of this) {
        rest -= chunk.length
        if (rest < 0) return
      }
    } catch {
      // Nobody wants it any more.
    }
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal.reason
    const error = reason instanceof Error ? reason : new Error('aborted', { cause: reason })
    this.#end(error)
    this.#controller?.abort(error)
  }

  #end(error?: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#error = error
    this.#signal.removeEventListener('abort', this.#abort)
    if (error !== undefined) this.#received.reject(error)
    this.#wake()
  }
}

function left(): Error {
  return new Error('The answer was left before its end')
}
