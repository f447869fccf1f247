import { defineCommand, runCommand } from 'citty'
import { noSettings, type Settings, settingsOf } from '../app/settings.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { AnyCommand, Context } from './command.ts'
import { allCommands, type CommandName, commands, defaultCommand, isCommand, namedCommands } from './commands.ts'
import { unknownVariables } from './environment.ts'
import { type ExitCode, report } from './exit.ts'
import { foreignWord } from './foreign-words.ts'
import { type HelpOptions, helpOf, helpOfAll, usual } from './help.ts'
import type { Io } from './io.ts'
import { parse, wantsHelp, wantsJson } from './parse.ts'
import { usable } from './printer.ts'
import { checkSettings, isOnceOnly } from './settings.ts'
import { versionLine } from './version-line.ts'

/** Runs one command line and says what to exit with. Never throws: what goes wrong is reported to the user here. */
export async function cli(args: readonly string[], context: Context): Promise<ExitCode> {
  const { io, secrets } = context
  try {
    return await dispatch(args, context)
  } catch (error) {
    return report(await asMeant(error, io.env), { io, secrets, json: wantsJson(args, io.env) })
  }
}

/** A refused login may be one that no `smugdl login` changes. */
async function asMeant(error: unknown, env: Io['env']): Promise<unknown> {
  if (!(error instanceof SmugdlError) || error.kind !== 'auth') return error
  const { ofEnvironment } = await import('../app/credentials.ts')
  return ofEnvironment(error, env)
}

async function dispatch(args: readonly string[], context: Context): Promise<ExitCode> {
  const { io } = context
  const [first = ''] = args
  const isHelp = first === '--help' || first === '-h'
  if (isHelp || (first === 'help' && args.slice(1).every((arg) => arg === '--all')))
    return print(helpOfAll(helpOptions(args, io)), io)
  if (first === '--version' || first === '-V') return print(`${versionLine()}\n`, io)
  const [name, rest] = routed(args)
  return run(name, rest, { ...context, args })
}

/** The command that is meant, and its own arguments: without a command's name in front, the default one. */
function routed(args: readonly string[]): [CommandName, readonly string[]] {
  const [first, second] = args
  if (first === 'help' && second !== undefined) return [known(second), ['--help', ...args.slice(2)]]
  if (first === undefined || first.startsWith('-')) return [defaultCommand, args]
  return [known(first), args.slice(1)]
}

function known(name: string): CommandName {
  if (isCommand(name)) return name
  throw (
    foreignWord(name) ??
    new SmugdlError('usage', {
      what: 'There is no such command',
      item: name,
      next: `${didYouMean(name, Object.keys(commands))}\`smugdl --help\` lists them.`,
    })
  )
}

/**
 * The one place where citty is at work: it loads the command that is named, and runs it. Its parser lets unknown flags pass and keeps
 * only the last of a repeated one, and its `runMain` exits 1 for everything, so arguments go through `parse` and codes come back here.
 */
async function run(name: CommandName, args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = 0
  const subCommand = (name: CommandName) => async () => {
    const command = await commands[name].load()
    return defineCommand({
      async run() {
        const values = parse(name, command, args, context.io.env, await settled(name, command, args, context.io))
        if (values === 'help') print(helpOf(name, command, helpOptions(args, context.io)), context.io)
        else {
          await warnOfVariables(command, context.io)
          code = await command.run(values as never, { ...context, commands: namedCommands })
        }
      },
    })
  }
  const subCommands = Object.fromEntries(
    Object.keys(commands)
      .filter(isCommand)
      .map((name) => [name, subCommand(name)]),
  )
  await runCommand(defineCommand({ subCommands }), { rawArgs: [name] })
  return code
}

/** What the user settled, every name in it known. The doctor says itself what is wrong with it, and help does without. */
async function settled(name: CommandName, command: AnyCommand, args: readonly string[], io: Io): Promise<Settings> {
  // Its pictures must not come to where the real ones belong.
  if (name === 'demo') return noSettings
  try {
    const settings = await settingsOf(io)
    if (Object.keys(settings.values).some((key) => !Object.hasOwn(command.flags, key) || isOnceOnly(key)))
      checkSettings(
        settings,
        (await allCommands()).map(([, command]) => command),
      )
    return settings
  } catch (error) {
    if (name === 'doctor' || wantsHelp(args)) return noSettings
    throw error
  }
}

/** Loads every command for its flags, so only where this one alone does not know all variables. */
async function warnOfVariables(command: AnyCommand, io: Io): Promise<void> {
  if (unknownVariables(io.env, [command]).length === 0) return
  const definitions = (await allCommands()).map(([, command]) => command)
  for (const warning of unknownVariables(io.env, definitions)) io.stderr.write(`smugdl: ${warning}\n`)
}

function helpOptions(args: readonly string[], { env, stdout }: Io): HelpOptions {
  const columns = stdout.columns ?? Number(env.COLUMNS)
  // Help that is wider is harder to read.
  return { all: args.includes('--all'), width: Math.min(usual, columns > 0 ? usable(columns) : usual) }
}

function print(text: string, io: Io): ExitCode {
  io.stdout.write(text)
  return 0
}
