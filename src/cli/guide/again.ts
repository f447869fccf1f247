import { join } from 'node:path'
import { shellQuoted } from '../../shell-quote.ts'
import type { Io } from '../io.ts'

/** A run that is to be made again. */
interface Again {
  /** Absolute. */
  output: string
  /** Patterns, where not everything was wanted. */
  albums: readonly string[]
}

/** The command line that makes this run again, as it is typed here. */
export function againLine({ output, albums }: Again, { platform }: Pick<Io, 'platform'>): string {
  const quote = platform === 'win32' ? quotedForCmd : quotedForShell
  return ['smugdl', '-o', quote(output), ...albums.flatMap((album) => ['--album', quote(album)])].join(' ')
}

/** What makes it every night at a quarter past three: a line for crontab, or a command for the Task Scheduler of Windows. */
export function nightlyLine({ output, albums }: Again, io: Pick<Io, 'platform' | 'program' | 'env'>): string {
  const { platform, program, env } = io
  const log = join(output, '.smugdl', 'log')
  const flags = [
    '-q',
    '--expect-home',
    '-o',
    output,
    '--log-file',
    log,
    ...albums.flatMap((album) => ['--album', album]),
  ]
  const isFlag = (word: string) => /^-/.test(word)
  if (platform === 'win32') {
    const task = [...program, ...flags].map((word) => (isFlag(word) ? word : quotedForCmd(word))).join(' ')
    return `schtasks /Create /TN smugdl /SC DAILY /ST 03:15 /TR "${task.replaceAll('"', '\\"')}"`
  }
  const folder = env.SMUGDL_CONFIG_DIR
  const config = folder ? [`SMUGDL_CONFIG_DIR=${quotedForShell(folder)}`] : []
  const line = [...config, ...[...program, ...flags].map((word) => (isFlag(word) ? word : quotedForShell(word)))]
  // To cron a percent sign is the end of the line.
  return `15 3 * * * ${line.join(' ').replaceAll('%', '\\%')}`
}

function quotedForShell(text: string): string {
  return /^[\w./+@:-]+$/.test(text) ? text : shellQuoted(text)
}

/** File names on Windows hold no quotation marks. */
function quotedForCmd(text: string): string {
  return /^[\w./+@:\\-]+$/.test(text) ? text : `"${text}"`
}
