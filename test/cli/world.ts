import { PassThrough, Readable, Writable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'

/** A world outside that a test can read: what was written, in order, and a clock that it moves. */
export interface TestIo extends Io {
  /** What was written so far. */
  out(): string
  err(): string
  advance(ms: number): void
}

export interface TestIoOptions {
  env?: Record<string, string>
  /** What standard input holds; it ends after that. Without it, input stays open and silent. */
  input?: string
  tty?: boolean
  columns?: number
  rows?: number
  now?: number
  platform?: NodeJS.Platform
}

export function testIo({
  env = {},
  input,
  tty = false,
  columns,
  rows,
  now = 0,
  platform = 'linux',
}: TestIoOptions = {}): TestIo {
  let clock = now
  const terminal = {
    isTTY: tty,
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows }),
  }
  const stdout = recorder()
  const stderr = recorder()
  return {
    env,
    stdin: Object.assign(input === undefined ? new PassThrough() : Readable.from([Buffer.from(input)]), { isTTY: tty }),
    stdout: Object.assign(stdout.stream, terminal),
    stderr: Object.assign(stderr.stream, terminal),
    platform,
    cwd: '/nowhere',
    now: () => clock,
    out: stdout.text,
    err: stderr.text,
    advance(ms) {
      clock += ms
    },
  }
}

function recorder(): { stream: Writable; text(): string } {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}
