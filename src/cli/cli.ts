import { SmugdlError } from '../error.ts'
import type { Context } from './command.ts'
import { type ExitCode, report } from './exit.ts'
import type { Io } from './io.ts'
import { versionLine } from './version-line.ts'

/** Runs one command line and returns the exit code. Never throws: errors are reported to the user here. */
export async function cli(args: readonly string[], context: Context): Promise<ExitCode> {
  const { io, secrets } = context
  try {
    return await dispatch(args, context)
  } catch (error) {
    const { wantsJson } = await import('./parse.ts')
    return report(await asMeant(error, io.env), { io, secrets, json: wantsJson(args, io.env) })
  }
}

/** A refused login may come from the environment, which `smugdl login` does not change. */
async function asMeant(error: unknown, env: Io['env']): Promise<unknown> {
  if (!(error instanceof SmugdlError) || error.kind !== 'auth') return error
  const { ofEnvironment } = await import('../app/credentials.ts')
  return ofEnvironment(error, env)
}

/** Help and version load only what they need, so that they answer at once. */
async function dispatch(args: readonly string[], context: Context): Promise<ExitCode> {
  const { io } = context
  const [first = ''] = args
  const isHelp = first === '--help' || first === '-h'
  if (isHelp || (first === 'help' && args.slice(1).every((arg) => arg === '--all'))) {
    const { helpOfAll, helpOptions } = await import('./help.ts')
    return print(helpOfAll(helpOptions(args, io)), io)
  }
  if (first === '--version' || first === '-V') return print(`${versionLine()}\n`, io)
  const { runCommandLine } = await import('./run-command-line.ts')
  return runCommandLine(args, context)
}

function print(text: string, io: Io): ExitCode {
  io.stdout.write(text)
  return 0
}
