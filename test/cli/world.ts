import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import { printer } from '../../src/cli/printer.ts'

/** A world outside that a test can read: what was written, in order, and a clock that it moves. */
export interface TestIo extends Io {
  /** What was written so far. */
  out(): string
  err(): string
  advance(ms: number): void
  /** The terminal becomes wider or narrower. */
  resize(size: { columns: number }): void
  /** Resolves with what matched as soon as stderr holds it, from `from` on. */
  saw(pattern: RegExp, from?: number): Promise<string>
  /** Types into standard input. */
  type(text: string): void
}

export interface TestIoOptions {
  env?: Record<string, string>
  /** What standard input holds; it ends after that. Without it, input stays open and silent. */
  input?: string
  tty?: boolean
  columns?: number
  rows?: number
  now?: number | (() => number)
  platform?: NodeJS.Platform
  cwd?: string
}

export function testIo({
  env = {},
  input,
  tty = false,
  columns,
  rows,
  now = 0,
  platform = 'linux',
  cwd = '/nowhere',
}: TestIoOptions = {}): TestIo {
  let clock = typeof now === 'number' ? now : 0
  const terminal = {
    isTTY: tty,
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows }),
  }
  const keyboard = new PassThrough()
  const stdout = recorder(terminal)
  const stderr = recorder(terminal)
  return {
    env,
    stdin: Object.assign(input === undefined ? keyboard : Readable.from([Buffer.from(input)]), { isTTY: tty }),
    stdout: printer(stdout.stream),
    stderr: printer(stderr.stream),
    platform,
    cwd,
    program: [process.execPath, join(import.meta.dirname, '../../src/main.ts')],
    now: () => (typeof now === 'number' ? clock : now()),
    out: stdout.text,
    err: stderr.text,
    advance(ms) {
      clock += ms
    },
    resize: (size) => void Object.assign(stderr.stream, size),
    saw: stderr.saw,
    type: (text) => void keyboard.write(text),
  }
}

function recorder(terminal: { isTTY: boolean; columns?: number; rows?: number }) {
  let text = ''
  const waiting = new Set<() => void>()
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      text += chunk.toString()
      for (const look of waiting) look()
      done()
    },
  })

  function saw(pattern: RegExp, from = 0): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const [found] = text.slice(from).match(pattern) ?? []
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  }

  return { stream: Object.assign(stream, terminal), text: () => text, saw }
}
