import type { Context } from './command.ts'
import { codeOf, type ExitCode, linesOf } from './exit.ts'
import { type LogFile, type LogLevel, openLogFile } from './log-file.ts'
import { versionLine } from './version-line.ts'

interface LogChoice {
  logFile: string | undefined
  logLevel: LogLevel
  verbose: boolean
}

/** Does the work of a command with its log file, if it has one: the first line is the command and the version, the last the exit code, however it ends. */
export async function logged(
  { logFile, logLevel, verbose }: LogChoice,
  context: Context,
  work: (log: LogFile | undefined) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (logFile === undefined) return work(undefined)
  using log = await openLogFile(logFile, context.io, verbose ? 'debug' : logLevel)
  log.write(`${versionLine()}: ${lineOf(context.args ?? [])}`)
  try {
    const code = await work(log)
    log.write(`exit ${code}`)
    return code
  } catch (error) {
    for (const line of linesOf(error, context.secrets)) log.write(line, 'error')
    log.write(`exit ${codeOf(error)}`)
    throw error
  }
}

/** Roughly as it would be typed: enough to distinguish runs. */
function lineOf(args: readonly string[]): string {
  return ['smugdl', ...args.map((arg) => (/^[\w./+@:=,%*-]+$/.test(arg) ? arg : JSON.stringify(arg)))].join(' ')
}
