import { closeSync, openSync, writeSync } from 'node:fs'
import { pathGiven } from '../app/path-given.ts'
import { SmugdlError } from '../error.ts'
import type { Io } from './io.ts'

export interface LogFile extends Disposable {
  /** One line, without its time. */
  write(line: string): void
}

/** Appends to `path`, each line with its time. Throws `usage` when it cannot be written to. */
export async function openLogFile(path: string, io: Io): Promise<LogFile> {
  const { createConsola, LogLevels } = await import('consola/core')
  const file = open(pathGiven(path, io))
  const log = createConsola({
    level: LogLevels.verbose,
    throttle: 0,
    // Written at once, so that nothing is missing of a run that was killed.
    reporters: [{ log: ({ args }) => writeSync(file, `${new Date(io.now()).toISOString()} ${args.join(' ')}\n`) }],
  })
  return { write: (line) => log.log(line), [Symbol.dispose]: () => closeSync(file) }
}

function open(path: string): number {
  try {
    return openSync(path, 'a')
  } catch (cause) {
    throw new SmugdlError('usage', {
      what: 'The log file cannot be written to',
      item: path,
      next: 'Choose another one with --log-file',
      cause,
    })
  }
}
