import { printable } from '../app/text/printable.ts'
import { diskError } from '../disk-error.ts'
import type { ErrorKind } from '../error.ts'
import { SmugdlError } from '../error.ts'
import { version } from '../version.ts'
import type { Io } from './io.ts'
import { jsonLine } from './json-line.ts'
import type { ErrorLine } from './json-lines.ts'
import { scrubbed } from './secrets.ts'
import { sourceStack } from './source-stack.ts'
import { versionLine } from './version-line.ts'

/** The only table of exit codes, by kind of failure. 0 is success. */
export const exitCodes = {
  item: 1,
  usage: 2,
  auth: 3,
  destination: 4,
  unreachable: 5,
  stopped: 6,
  bug: 70,
  cancelled: 130,
} as const satisfies Record<ErrorKind, number>

export type ExitCode = 0 | (typeof exitCodes)[ErrorKind]

const meanings = {
  0: 'done',
  1: 'finished, but something is not safe: each item and reason is listed',
  2: 'wrong usage, options or configuration',
  3: 'not logged in, or the account refused us',
  4: "the destination cannot be used: locked, full, not writable, another account's",
  5: 'SmugMug could not be reached or kept failing',
  6: 'stopped on purpose by --max-duration: nothing failed, and the next run continues',
  70: 'smugdl itself broke; it says how to report that',
  130: 'interrupted; the state is consistent and the next run continues',
} as const satisfies Record<ExitCode, string>

/** The usual meanings of these codes, for a command's `exits`. */
export function exits(...codes: ExitCode[]): Partial<Record<ExitCode, string>> {
  return Object.fromEntries(codes.map((code) => [code, meanings[code]]))
}

/**
 * Ends the process with the exit code of the command line, once everything is written and closed. An unhandled error is a bug and ends the
 * process at once; a code that can never come is one too. A reader of stdout that went away (`smugdl albums | head`) also ends it, quietly and
 * as if interrupted, so that the rest is not taken for done.
 */
export function endWith(code: Promise<ExitCode>, io: Io, secrets: Iterable<string>): void {
  process.on('uncaughtException', (error) => process.exit(report(error, { io, secrets, json: false })))
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(exitCodes.cancelled)
  })
  process.stderr.on('error', () => {})
  let isOver = false
  code.then((code) => {
    isOver = true
    process.exitCode = code
  })
  // Node ends with 0 when there is nothing left that could settle what is awaited: that must not pass for done.
  process.on('beforeExit', () => {
    if (!isOver)
      process.exit(report(new Error('it waits for something that cannot come any more'), { io, secrets, json: false }))
  })
}

/**
 * Reports an error to the user and returns the exit code. `json`: also writes an event to stdout. An unexpected error is shown with its
 * stack, for a bug report. None of `secrets` is shown.
 */
export function report(
  error: unknown,
  { io, secrets, json }: { io: Io; secrets: Iterable<string>; json: boolean },
): ExitCode {
  const { kind, what, item, next, text } = explained(error)
  const code = exitCodes[kind]
  const line: ErrorLine = { type: 'error', kind, code, what, item, next }
  if (json) io.stdout.write(scrubbed(jsonLine(line), secrets))
  io.stderr.write(scrubbed(text, secrets))
  return code
}

/** The exit code for an error. */
export function codeOf(error: unknown): ExitCode {
  return exitCodes[explained(error).kind]
}

/** The lines that `report` shows, for a log. */
export function linesOf(error: unknown, secrets: Iterable<string>): string[] {
  return scrubbed(explained(error).text, secrets).trimEnd().split('\n')
}

/** An error of the disk, wherever it occurs, is not a bug. */
export function explained(thrown: unknown): Explained {
  const error = diskError(thrown)
  return error instanceof SmugdlError ? expected(error) : unexpected(error)
}

interface Explained {
  kind: ErrorKind
  what: string
  item?: string | undefined
  next?: string | undefined
  text: string
}

function expected(error: SmugdlError): Explained {
  const { kind, what, item, next } = error
  if (kind === 'bug') return { ...unexpected(error), what, item, next }
  // Several problems are reported as several lines; a line break in an item is not ours.
  const [first = '', ...more] = what.split('\n').map(printable)
  const lines = [`smugdl: ${first}`, ...more.map((line) => `  ${line}`)]
  if (item !== undefined) lines.push(`${lines.pop()}: ${printable(item)}`)
  if (next !== undefined) lines.push(`  ${printable(/[.?!]$/.test(next) ? next : `${next}.`)}`)
  return { kind, what, item, next, text: `${lines.join('\n')}\n` }
}

function unexpected(error: unknown): Explained {
  const what = `smugdl ${version} broke: ${error instanceof Error ? error.message : String(error)}`
  return {
    kind: 'bug',
    what,
    next: howToReport,
    text: `${what}\n${error instanceof Error ? stackOf(error) : ''}\n${howToReport}\n`,
  }
}

const howToReport = [
  'This is a bug in smugdl. Nothing is recorded that is not safe; the next run continues.',
  `Please report these lines at https://github.com/smugdl/smugdl/issues: ${versionLine()}.`,
].join('\n')

/** Stacks only: an error's other properties may hold a request with its signature. */
function stackOf(error: Error): string {
  const stack = sourceStack(error.stack ?? String(error))
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackOf(error.cause)}` : stack
}
