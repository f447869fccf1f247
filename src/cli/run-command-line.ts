import { defineCommand, runCommand } from 'citty'
import { noSettings, type Settings, settingsOf } from '../app/config-file.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { AnyCommand, Context } from './command.ts'
import { allCommands, type CommandName, commands, defaultCommand, isCommand, namedCommands } from './commands.ts'
import { unknownVariables } from './environment.ts'
import type { ExitCode } from './exit.ts'
import { foreignWord } from './foreign-words.ts'
import { helpOf, helpOptions } from './help.ts'
import type { Io } from './io.ts'
import { parse, wantsHelp } from './parse.ts'
import { checkSettings, isOnceOnly } from './settings.ts'

/** Runs the command that is named, or the default one. Throws what goes wrong. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<ExitCode> {
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
        if (values === 'help') context.io.stdout.write(helpOf(name, command, helpOptions(args, context.io)))
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
