import { parseArgs } from 'node:util'
import { noSettings, type Settings } from '../app/config-file.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { type AnyCommand, type Flag, flagName } from './command.ts'
import { fromEnvironment, variableOf } from './environment.ts'
import { foreignArgument } from './foreign-words.ts'
import type { Io } from './io.ts'
import { fromSettings, settingName } from './settings.ts'

type Value = string | number | boolean | readonly string[] | undefined

/**
 * The values of a command, from its arguments, else the environment, else the settings, else the defaults; or `help` when the user asks for that.
 * Everything is checked: an unknown flag, or a value that is missing, wrong or superfluous, is a `usage` error.
 */
export function parse(
  name: string,
  command: AnyCommand,
  args: readonly string[],
  env: Io['env'],
  settings: Settings = noSettings,
): Record<string, Value> | 'help' {
  const given = new Map<string, (string | boolean)[]>()
  const positionals: string[] = []
  for (const token of tokensOf(command, args)) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'help') return 'help'
    // It belongs to help, before or after it.
    if (token.name === 'all' && wantsHelp(args)) continue
    const [key, value] = checkedToken(name, command, token, args)
    given.set(key, [...(given.get(key) ?? []), value])
  }
  refuseContradictions(given)
  const values: Record<string, Value> = positionalValues(name, command, positionals)
  for (const [key, flag] of Object.entries(command.flags)) {
    values[key] =
      checkedValue(flag, `--${flagName(key)}`, given.get(key)) ??
      checkedValue(flag, variableOf(key, flag) ?? '', fromEnvironment(key, flag, env)) ??
      checkedValue(flag, settingName(key, settings.path), fromSettings(key, flag, settings)) ??
      defaultOf(flag)
  }
  return values
}

/** Throws for two flags that exclude each other, because one would win silently. A typed one overrides a variable. */
function refuseContradictions(given: ReadonlyMap<string, readonly (string | boolean)[]>): void {
  for (const [one, other] of contradictions)
    if (given.get(one)?.at(-1) === true && given.get(other)?.at(-1) === true)
      throw new SmugdlError('usage', {
        what: `--${flagName(one)} and --${flagName(other)} contradict each other`,
        next: 'Give one of them',
      })
}

const contradictions = [
  ['quiet', 'verbose'],
  ['quiet', 'json'],
] as const

/** Whether the user asked for help, as far as a wrong command line lets that be seen. */
export function wantsHelp(args: readonly string[]): boolean {
  return flagsOf(args).some((flag) => flag === '--help' || flag === '-h')
}

/** Whether the user asked for events on stdout, as far as a wrong command line lets that be seen. */
export function wantsJson(args: readonly string[], env: Io['env']): boolean {
  const last = flagsOf(args).findLast((flag) => flag === '--json' || flag === '--no-json')
  if (last !== undefined) return last === '--json'
  return ['1', 'true', 'yes'].includes(env.SMUGDL_JSON?.trim().toLowerCase() ?? '')
}

function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

function tokensOf(command: AnyCommand, args: readonly string[]) {
  const known = Object.entries(command.flags).map(([key, { type, short }]) => [
    flagName(key),
    {
      type: type === 'boolean' ? 'boolean' : 'string',
      multiple: true,
      ...(short === undefined ? {} : { short }),
    } as const,
  ])
  const options = { ...Object.fromEntries(known), help: { type: 'boolean', short: 'h' } } as const
  // Not strict, because the messages of parseArgs do not suggest the nearest name.
  const config = {
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  } as const
  return parseArgs(config).tokens
}

interface OptionToken {
  name: string
  rawName: string
  index: number
  value: string | undefined
  inlineValue: boolean | undefined
}

function checkedToken(
  name: string,
  command: AnyCommand,
  token: OptionToken,
  args: readonly string[],
): [string, string | boolean] {
  const [key, flag] = Object.entries(command.flags).find(([key]) => flagName(key) === token.name) ?? []
  const negated = token.rawName === `--no-${token.name}`
  if (key === undefined || flag === undefined || (negated && flag.type !== 'boolean'))
    throw unknownFlag(name, command, token.rawName)
  if (flag.type === 'boolean') {
    if (token.value !== undefined)
      throw new SmugdlError('usage', {
        what: `${token.rawName} takes no value`,
        item: token.value,
        next: `Use --${token.name} or --no-${token.name}.`,
      })
    return [key, !negated]
  }
  const { value, inlineValue } = token
  if (value === undefined || (inlineValue === false && /^-./.test(value)))
    throw new SmugdlError('usage', {
      what: `${token.rawName} needs a value`,
      next:
        value === undefined
          ? `Write --${token.name} ${flag.hint ?? 'VALUE'}.`
          : `If it is meant to begin with a hyphen, write --${token.name}=${value}.`,
    })
  // `-o=DIR` means `-o DIR`, not a folder called "=DIR".
  const equals = !token.rawName.startsWith('--') && args[token.index]?.startsWith(`${token.rawName}=`)
  return [key, equals ? value.slice(1) : value]
}

function unknownFlag(name: string, command: AnyCommand, raw: string): SmugdlError {
  const names = Object.entries(command.flags).flatMap(([key, { type, short }]) => [
    `--${flagName(key)}`,
    ...(type === 'boolean' ? [`--no-${flagName(key)}`] : []),
    ...(short === undefined ? [] : [`-${short}`]),
  ])
  // Every name is similar to a single letter.
  const hint = raw.length > 2 ? didYouMean(raw, names) : ''
  return new SmugdlError('usage', {
    what: `smugdl ${name} has no flag ${raw}`,
    next: `${hint}\`smugdl ${name} --help\` shows them all.`,
  })
}

function positionalValues(
  name: string,
  command: AnyCommand,
  given: readonly string[],
): Record<string, string | readonly string[] | undefined> {
  const defined = Object.entries(command.positionals ?? {})
  const excess = defined.at(-1)?.[1].many ? undefined : given[defined.length]
  if (excess !== undefined)
    throw new SmugdlError('usage', {
      what: `smugdl ${name}: unexpected argument`,
      item: excess,
      next:
        (name === 'download' ? foreignArgument(excess) : undefined) ??
        `\`smugdl ${name} --help\` shows what it takes; a command comes before its flags.`,
    })
  return Object.fromEntries(
    defined.map(([key, { required, choices, help, many }], place) => {
      if (many) return [key, given.slice(place)]
      const value = given[place]
      if (value === undefined && required)
        throw new SmugdlError('usage', {
          what: `smugdl ${name} needs ${key.toUpperCase()}: ${help}`,
          next: `\`smugdl ${name} --help\` shows examples.`,
        })
      if (value !== undefined) checkChoice(key.toUpperCase(), value, choices)
      return [key, value]
    }),
  )
}

function defaultOf(flag: Flag): Value {
  return flag.type === 'list' ? (flag.default ?? []) : flag.default
}

function checkedValue(flag: Flag, source: string, said: readonly (string | boolean)[] | boolean | undefined): Value {
  if (said === undefined) return undefined
  if (typeof said === 'boolean') return said
  const last = said.at(-1)
  if (flag.type === 'boolean') return last === true
  const texts = said.filter((value) => typeof value === 'string')
  if (flag.type === 'list') {
    const split = flag.separator === undefined ? texts : texts.flatMap((text) => text.split(flag.separator ?? ','))
    const values = split.map((value) => value.trim())
    for (const value of values) checkPart(flag, source, value)
    return [...new Set(values)]
  }
  const text = texts.at(-1) ?? ''
  if (flag.type === 'integer') return checkedInteger(flag, source, text)
  checkPart(flag, source, text)
  return text
}

function checkPart(flag: { choices?: readonly string[] }, source: string, value: string): void {
  if (value === '') throw new SmugdlError('usage', { what: `${source} has an empty value` })
  checkChoice(source, value, flag.choices)
}

function checkChoice(source: string, value: string, choices: readonly string[] | undefined): void {
  if (choices === undefined || choices.includes(value)) return
  throw new SmugdlError('usage', {
    what: `${source} cannot be`,
    item: value,
    next: `${didYouMean(value, choices)}It is one of ${choices.join(', ')}.`,
  })
}

function checkedInteger({ min, max }: { min: number; max: number }, source: string, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new SmugdlError('usage', { what: `${source} must be a whole number from ${min} to ${max}`, item: text })
}
