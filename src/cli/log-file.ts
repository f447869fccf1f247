import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { pathGiven } from '../app/path-given.ts'
import { printable } from '../app/text/printable.ts'
import { isSystemError } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'
import type { Io } from './io.ts'
import { refuseOwn } from './own-folder.ts'

export interface LogFile extends Disposable {
  /** One line, without its time. */
  write(line: string): void
}

/** What may stand within `.smugdl`, where it is at home with what it tells of: `log`, and what a rotation makes of it (`log.1`, `log.2.gz`). */
const beside = /^log(\.\d+(\.gz)?)?$/

/** Appends to `path`, each line with its time; a link is followed, as users expect of a log. Throws `usage` when it cannot be written to. */
export async function openLogFile(path: string, io: Io): Promise<LogFile> {
  const { createConsola, LogLevels } = await import('consola/core')
  const given = pathGiven(path, io)
  refuseOwn(given, '--log-file', beside)
  const file = open(given)
  const log = createConsola({
    level: LogLevels.verbose,
    throttle: 0,
    // Written at once, so that nothing is missing of a run that was killed.
    reporters: [
      { log: ({ args }) => writeSync(file, `${new Date(io.now()).toISOString()} ${printable(args.join(' '))}\n`) },
    ],
  })
  return { write: (line) => log.log(line), [Symbol.dispose]: () => closeSync(file) }
}

function open(path: string): number {
  try {
    // A pipe waits for ever for somebody to read, but for one that a shell made.
    const isPipe = statSync(path, { throwIfNoEntry: false })?.isFIFO() && !/^\/(dev|proc)\//.test(path)
    if (!isPipe) return openSync(path, 'a')
    throw new Error('it is a pipe')
  } catch (cause) {
    const hasNoFolder = isSystemError(cause, 'ENOENT')
    throw new SmugdlError('usage', {
      what: hasNoFolder ? 'The folder of the log file is not there' : 'The log file cannot be written to',
      item: path,
      next: hasNoFolder ? 'Connect its disk, or make the folder' : 'Choose another one with --log-file',
      cause,
    })
  }
}
