import { StringDecoder } from 'node:string_decoder'
import { SmugdlError } from '../error.ts'
import { whileAsking } from './interrupt.ts'
import type { Io } from './io.ts'

export interface AskOptions {
  signal: AbortSignal
  /** The input is not echoed. */
  hidden?: boolean
}

/**
 * Asks for a line: of the user at a terminal, or the next line of what is piped in, without the question then. Undefined when the
 * input has ended. Ctrl-C and an aborted signal throw `cancelled`; on every way out the terminal is as it was.
 */
export async function ask(
  question: string,
  io: Io,
  { signal, hidden = false }: AskOptions,
): Promise<string | undefined> {
  return io.stdin.isTTY
    ? whileAsking(() => askAtTerminal(question, io, { signal, hidden }))
    : read(io.stdin, signal, lines())
}

async function askAtTerminal(
  question: string,
  io: Io,
  { signal, hidden }: Required<AskOptions>,
): Promise<string | undefined> {
  const { stdin } = io
  if (!hidden || stdin.setRawMode === undefined) {
    io.stderr.write(question)
    return read(stdin, signal, lines())
  }
  // Silent before the question: what is pasted the moment it appears must not show.
  stdin.setRawMode(true)
  try {
    io.stderr.write(question)
    return await read(stdin, signal, hiddenLine())
  } finally {
    stdin.setRawMode(false)
    io.stderr.write('\n')
  }
}

/** Consumes input; returns a result once it has enough, with the rest for the next reader. */
type Taker = (chunk: Buffer) => { line: string | undefined; rest: Buffer } | undefined

function read(stdin: Io['stdin'], signal: AbortSignal, take: Taker): Promise<string | undefined> {
  if (signal.aborted) return Promise.reject(cancelled())
  if (stdin.readableEnded || stdin.destroyed) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stdin.off('data', onData).off('end', onEnd).off('error', onError)
      signal.removeEventListener('abort', onAbort)
      // A stream that flows keeps the process alive.
      stdin.pause()
      act()
    }
    const onData = (chunk: Buffer | string) => {
      try {
        const taken = take(Buffer.from(chunk))
        if (taken === undefined) return
        settle(() => resolve(taken.line))
        if (taken.rest.length > 0) stdin.unshift(taken.rest)
      } catch (error) {
        settle(() => reject(error))
      }
    }
    // The last line of a file need not end with a line break.
    const onEnd = () => settle(() => resolve(take(LINE_BREAK)?.line || undefined))
    const onError = (error: Error) => settle(() => reject(error))
    // What has been typed by now is taken too: left to the shell, it would be shown as the beginning of a command.
    const onAbort = () => {
      take = nothing
      setImmediate(() => settle(() => reject(cancelled())))
    }
    stdin.on('data', onData).on('end', onEnd).on('error', onError)
    signal.addEventListener('abort', onAbort)
    stdin.resume()
  })
}

const nothing: Taker = () => undefined

const LINE_BREAK = Buffer.from('\n')

/** The terminal, or the writer of the pipe, has already edited the line. */
function lines(): Taker {
  let before = Buffer.alloc(0)
  return (chunk) => {
    before = Buffer.concat([before, chunk])
    const end = before.indexOf(LINE_BREAK)
    if (end === -1) return undefined
    return { line: before.toString('utf8', 0, end).replace(/\r$/, ''), rest: before.subarray(end + 1) }
  }
}

/** What the terminal would do itself if it were not made silent: erase, erase all, end, interrupt. */
function hiddenLine(): Taker {
  const decoder = new StringDecoder('utf8')
  let typed: string[] = []
  return (chunk) => {
    // Arrow keys and similar keys send sequences that are not meant as input.
    const characters = [...decoder.write(chunk).replace(/\x1b(?:\[[\d;]*[A-Za-z~]|O.)/g, '')]
    for (const [place, character] of characters.entries()) {
      const rest = () => Buffer.from(characters.slice(place + 1).join(''))
      if (character === '\r') return { line: typed.join(''), rest: withoutLineFeed(rest()) }
      if (character === '\n') return { line: typed.join(''), rest: rest() }
      if (character === CTRL_C) throw cancelled()
      if (character === CTRL_D && typed.length === 0) return { line: undefined, rest: rest() }
      if (character === '\x7f' || character === '\b') typed.pop()
      else if (character === CTRL_U) typed = []
      else if (character >= ' ') typed.push(character)
    }
    return undefined
  }
}

const CTRL_C = '\x03'
const CTRL_D = '\x04'
const CTRL_U = '\x15'

/** Two lines that were pasted from Windows are two lines. */
function withoutLineFeed(rest: Buffer): Buffer {
  return rest[0] === 10 ? rest.subarray(1) : rest
}

function cancelled(): SmugdlError {
  return new SmugdlError('cancelled', { what: 'Interrupted' })
}
