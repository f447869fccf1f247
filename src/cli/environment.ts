import { variableIn, withoutQuotes } from '../app/variable.ts'
import { SmugdlError } from '../error.ts'
import { nearest } from '../nearest.ts'
import { type AnyCommand, type Flag, flagName } from './command.ts'
import { execFlags } from './flags.ts'
import type { Io } from './io.ts'

/** Variables besides those of the flags, each with its purpose. */
export const variables = {
  SMUGDL_API_KEY: "the application's key",
  SMUGDL_API_SECRET: "the application's secret",
  SMUGDL_ACCESS_TOKEN: 'a ready token, where no interactive login is possible',
  SMUGDL_ACCESS_TOKEN_SECRET: 'its secret',
  SMUGDL_API_ORIGIN: 'another origin than https://api.smugmug.com, for tests',
  SMUGDL_PHOTOS_ORIGIN: 'where pictures may come from beside public hosts, for tests',
  SMUGDL_CONFIG_DIR: 'where credentials and plugins live',
} as const

/** The variable of a flag; for a flag that is on by default, the one that turns it off. Undefined for flags allowed on a command line only. */
export function variableOf(name: string, flag: Flag): string | undefined {
  if (Object.hasOwn(execFlags, name)) return undefined
  const word = flagName(name).toUpperCase().replaceAll('-', '_')
  return flag.type === 'boolean' && flag.default ? `${prefix}NO_${word}` : `${prefix}${word}`
}

/** The environment's value of a flag, in command-line form; undefined if not set. An empty variable counts as not set. */
export function fromEnvironment(name: string, flag: Flag, env: Io['env']): string[] | boolean | undefined {
  const variable = variableOf(name, flag)
  const value = variable && variableIn(env, variable)
  if (value === undefined) return undefined
  if (flag.type === 'list') {
    const lines = value.split('\n').map((line) => withoutQuotes(line.trim()))
    return lines.filter((line) => line !== '')
  }
  if (flag.type !== 'boolean') return [value]
  const said = booleans[value.toLowerCase()]
  if (said === undefined)
    throw new SmugdlError('usage', {
      what: `${variable} must be 1 or 0, true or false, yes or no`,
      item: value,
    })
  return said !== flag.default
}

const booleans: Record<string, boolean | undefined> = {
  1: true,
  true: true,
  yes: true,
  0: false,
  false: false,
  no: false,
}

/** A warning for each unknown `SMUGDL_` variable, because a typing error would otherwise go unnoticed. */
export function unknownVariables(env: Io['env'], commands: Iterable<AnyCommand>): string[] {
  const ofFlags = [...commands].flatMap(({ flags }) =>
    Object.entries(flags).map(([name, flag]) => variableOf(name, flag)),
  )
  const known = new Set([...Object.keys(variables), ...ofFlags.filter((name) => name !== undefined)])
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .map((name) => {
      // The common prefix must not count as similarity.
      const meant = nearest(
        name.slice(prefix.length),
        [...known].map((each) => each.slice(prefix.length)),
      )
      const hint = meant === undefined ? '' : ` Did you mean ${prefix}${meant}?`
      return `${name} in the environment is unknown and has no effect.${hint}`
    })
}

const prefix = 'SMUGDL_'
