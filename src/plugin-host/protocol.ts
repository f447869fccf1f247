import { DestinationError, isDestinationError } from '../exporter/destination-error.ts'

/**
 * The messages between smugdl and the host of a plugin: one line of JSON each, over the host's standard input and output. (Not over Node's
 * own IPC channel, where a message of the host can crash the process that reads it.) Both sides call and answer in the same way.
 */
type Message =
  | { readonly call: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly notify: string; readonly args: readonly unknown[] }
  | Answer

interface Answer {
  readonly answer: number
  readonly value?: unknown
  /** Present instead of a value if the call failed. */
  readonly error?: string
  /** Present for a `DestinationError`, which ends the run: what the user can do. */
  readonly destination?: { readonly next?: string }
  /** Number of the other side's own failed call, if this error is that failure passed back. */
  readonly of?: number
}

/** The argument that makes our executable the host of a plugin; internal. */
export const hostArgument = '--plugin-host'

/** Maximum characters of a message, more than any needs; a longer one is an error. */
export const longestLine = 8 * 1024 * 1024

/** Maximum number of unanswered calls from a plugin. Its host observes the limit; more come only from a plugin that bypasses the host. */
export const mostCalls = 64

/** Maximum characters of an error that are passed on, because the user may see it for each picture. */
const longestError = 2000

/** An error thrown on the other side, as far as it can be described. */
class RemoteError extends Error {
  override readonly name = 'RemoteError'
  readonly call: number

  constructor(message: string, call: number) {
    super(message)
    this.call = call
  }
}

interface PeerParts {
  /** Sends a line, which includes its line break. */
  send(line: string): void
  /** Handles calls from the other side. */
  serve(method: string, args: readonly unknown[]): unknown
  /** Returns the sentence sent to the other side for an error. */
  explain(error: unknown): string
  /** Maximum number of unanswered calls from the other side; with more, `receive` throws. */
  most?: number
}

/** One end of the connection. */
export class Peer {
  readonly #parts: PeerParts
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  /** The original errors of the other side's latest failed calls, thrown again here if the failure comes back unchanged. */
  readonly #thrown = new Map<number, unknown>()
  #calls = 0
  #answering = 0
  #ended: Error | undefined

  constructor(parts: PeerParts) {
    this.#parts = parts
  }

  /** Number of calls that the other side has not answered. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Rejects with a `RemoteError`, with our own error if the failure came from our side, or with the reason of `end`. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const id = ++this.#calls
    const answer = Promise.withResolvers<unknown>()
    this.#say({ call: id, method, args })
    this.#waiting.set(id, answer)
    return answer.promise
  }

  /** As `call`, without an answer. */
  notify(method: string, ...args: readonly unknown[]): void {
    if (this.#ended === undefined) this.#say({ notify: method, args })
  }

  /** Handles a line; throws if it is not a message. */
  receive(line: string): void {
    const message: unknown = JSON.parse(line)
    if (!isMessage(message)) throw new TypeError('not a message')
    if ('call' in message && this.#answering >= (this.#parts.most ?? Number.POSITIVE_INFINITY))
      throw new RangeError(`more than ${this.#parts.most} calls at once`)
    if ('call' in message) void this.#answer(message.call, message.method, message.args)
    else if ('notify' in message) this.#parts.serve(message.notify, message.args)
    else this.#settle(message)
  }

  /** Rejects all unanswered calls, because no more messages will arrive. */
  end(reason: Error): void {
    this.#ended ??= reason
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }

  async #answer(call: number, method: string, args: readonly unknown[]): Promise<void> {
    this.#answering += 1
    try {
      const value = await this.#parts.serve(method, args)
      this.#say({ answer: call, value })
    } catch (error) {
      this.#thrown.set(call, error)
      if (this.#thrown.size > 100) this.#thrown.delete(this.#thrown.keys().next().value ?? 0)
      const of = error instanceof RemoteError ? { of: error.call } : {}
      const destination = isDestinationError(error) && {
        destination: typeof error.next === 'string' ? { next: error.next.slice(0, longestError) } : {},
      }
      this.#say({ answer: call, error: this.#parts.explain(error).slice(0, longestError), ...destination, ...of })
    } finally {
      this.#answering -= 1
    }
  }

  #settle({ answer, value, error, destination, of }: Answer): void {
    const waiting = this.#waiting.get(answer)
    this.#waiting.delete(answer)
    if (error === undefined) waiting?.resolve(value)
    else if (of !== undefined && this.#thrown.has(of)) waiting?.reject(this.#thrown.get(of))
    else if (isObject(destination))
      waiting?.reject(new DestinationError(error.slice(0, longestError), nextOf(destination)))
    else waiting?.reject(new RemoteError(error.slice(0, longestError), answer))
  }

  #say(message: Message): void {
    if (this.#ended !== undefined) return
    const line = JSON.stringify(message)
    if (line.length > longestLine) throw new RangeError(`more than ${longestLine / 1024 / 1024} MB at once`)
    this.#parts.send(`${line}\n`)
  }
}

/** Splits the input into lines; throws for one that is too long. */
export function lines(onLine: (line: string) => void, longest: number): (chunk: string) => void {
  let rest: string[] = []
  let length = 0
  return (chunk) => {
    const parts = chunk.split('\n')
    const last = parts.pop() ?? ''
    for (const part of parts) {
      const line = rest.length === 0 ? part : rest.join('') + part
      rest = []
      length = 0
      onLine(line)
    }
    if (last === '') return
    rest.push(last)
    length += last.length
    if (length > longest) throw new RangeError('a line without end')
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false
  if ('call' in value)
    return typeof value.call === 'number' && 'method' in value && typeof value.method === 'string' && hasArgs(value)
  if ('notify' in value) return typeof value.notify === 'string' && hasArgs(value)
  if (!('answer' in value) || typeof value.answer !== 'number') return false
  return !('error' in value) || typeof value.error === 'string'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function nextOf({ next }: Readonly<Record<string, unknown>>): { next: string } | undefined {
  return typeof next === 'string' ? { next: next.slice(0, longestError) } : undefined
}

function hasArgs(value: object): boolean {
  return 'args' in value && Array.isArray(value.args)
}
