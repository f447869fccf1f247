import { join } from 'node:path'
import { asWord } from '../../shell-quote.ts'
import type { Io } from '../io.ts'

/** A run to repeat. */
interface Again {
  /** Absolute. */
  output: string
  /** Patterns, if not everything was chosen. */
  albums: readonly string[]
}

/** The command line that repeats this run, as typed on this system. */
export function againLine({ output, albums }: Again, { platform }: Pick<Io, 'platform'>): string {
  const quote = (word: string) => asWord(word, platform)
  return ['smugdl', '-o', quote(output), ...albums.flatMap((album) => ['--album', quote(album)])].join(' ')
}

/** Repeats it every night at a quarter past three: a line for crontab, or a command for the Task Scheduler of Windows. */
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
    const task = [...program, ...flags].map((word) => (isFlag(word) ? word : asWord(word, platform))).join(' ')
    return `schtasks /Create /TN smugdl /SC DAILY /ST 03:15 /TR "${task.replaceAll('"', '\\"')}"`
  }
  const folder = env.SMUGDL_CONFIG_DIR
  const config = folder ? [`SMUGDL_CONFIG_DIR=${asWord(folder, platform)}`] : []
  const line = [...config, ...[...program, ...flags].map((word) => (isFlag(word) ? word : asWord(word, platform)))]
  // cron takes a percent sign for the end of the line.
  return `15 3 * * * ${line.join(' ').replaceAll('%', '\\%')}`
}
