import { closeSync, constants, existsSync, lstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathGiven } from '../app/path-given.ts'
import { printable } from '../app/text/printable.ts'
import { isSystemError, reasonOf } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'
import type { Io } from './io.ts'
import { refuseInsideOwnFolder } from './own-folder.ts'

/** `debug`: also what -v prints. */
export type LogLevel = 'info' | 'debug'
type Level = 'error' | 'warn' | LogLevel

export interface LogFile extends Disposable {
  /** One line, without its time and level; `info` if no level is given. */
  write(line: string, level?: Level): void
}

/** Names of log files that are allowed within `.smugdl`: `log`, and its rotations (`log.1`, `log.2.gz`). */
const beside = /^log(\.\d+(\.gz)?)?$/

/** A log larger than this when opened is rotated: it becomes `log.1`, that one `log.2`, and so on. */
const largest = 10_000_000
const kept = 5

/** Appends lines of this level or above to `path`, each with local time and level. A link is followed unless another user made it. Throws `usage`. */
export async function openLogFile(path: string, io: Io, level: LogLevel = 'info'): Promise<LogFile> {
  const { createConsola, LogLevels } = await import('consola/core')
  const given = pathGiven(path, io)
  refuseInsideOwnFolder(given, '--log-file', beside)
  const file = open(given)
  const log = createConsola({
    level: LogLevels[level],
    throttle: 0,
    // Written at once, so that the log of a killed run is complete.
    reporters: [
      {
        log: ({ args, type }) =>
          writeSync(file, `${localTime(io.now())} ${type.padEnd(5)} ${printable(args.join(' '))}\n`),
      },
    ],
  })
  return { write: (line, level = 'info') => log[level](line), [Symbol.dispose]: () => closeSync(file) }
}

/** Rotates the log. A link, a pipe or a device is left to whoever set it up; a log that cannot be moved is appended to. */
function rotate(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (!there?.isFile() || there.size <= largest) return
  const number = (n: number) => (n === 0 ? path : `${path}.${n}`)
  for (let n = kept - 1; n >= 0; n--) {
    try {
      renameSync(number(n), number(n + 1))
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) return
    }
  }
}

/** `2026-11-24T06:40:00.000+01:00`: the user's own clock, as in what the lines say, and no doubt about it. */
function localTime(atMs: number): string {
  const minutes = -new Date(atMs).getTimezoneOffset()
  const local = new Date(atMs + minutes * 60_000).toISOString().slice(0, -1)
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const ahead = Math.abs(minutes)
  return `${local}${minutes < 0 ? '-' : '+'}${two(ahead / 60)}:${two(ahead % 60)}`
}

function open(path: string): number {
  try {
    rotate(path)
    // Opening a named pipe would wait for ever for a reader, unlike a shell's pipe.
    const isPipe = statSync(path, { throwIfNoEntry: false })?.isFIFO() && !/^\/(dev|proc)\//.test(path)
    if (isPipe) throw new Error('it is a pipe')
    return openSync(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | unlessOwnLink(path), 0o666)
  } catch (cause) {
    if (cause instanceof SmugdlError) throw cause
    const hasNoFolder = isSystemError(cause, 'ENOENT') && !existsSync(dirname(path))
    const reason = reasonOf(cause, path)
    throw new SmugdlError('usage', {
      what: hasNoFolder ? 'The folder of the log file is not there' : 'The log file cannot be written to',
      item: path,
      next: hasNoFolder
        ? 'Connect its disk, or make the folder'
        : `${reason === undefined ? 'Choose' : `${reason}; choose`} another one with --log-file`,
      cause,
    })
  }
}

/** The flag that prevents following a link; none for a link of the user or the system. */
function unlessOwnLink(path: string): number {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (!there?.isSymbolicLink()) return constants.O_NOFOLLOW ?? 0
  if (process.getuid === undefined || [0, process.getuid()].includes(there.uid)) return 0
  throw new SmugdlError('usage', {
    what: 'The log file is a link that another user made',
    item: path,
    next: 'Name the file that it leads to, or choose another one with --log-file',
  })
}
