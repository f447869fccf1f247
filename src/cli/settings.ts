import type { Settings } from '../app/config-file.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { AnyCommand, Flag } from './command.ts'
import { execFlags, grantFlags, jsonFlag } from './flags.ts'

/** What the file of settings says for a flag, as it would stand on a command line; undefined if nothing. */
export function fromSettings(key: string, flag: Flag, { values, path }: Settings): string[] | boolean | undefined {
  const value = Object.hasOwn(values, key) ? values[key] : undefined
  if (value === undefined) return undefined
  const fits = typeof value === typeOf[flag.type] || (flag.type === 'list' && typeof value === 'object')
  if (!fits)
    throw new SmugdlError('usage', {
      what: `${settingName(key, path)} must be ${wanted[flag.type]}`,
      item: JSON.stringify(value),
    })
  if (typeof value === 'boolean') return value
  return typeof value === 'object' ? [...value] : [String(value)]
}

/** How an error names a setting. */
export function settingName(key: string, path: string): string {
  return `"${key}" in ${path}`
}

/** A name that no command knows, or that belongs on a command line, would go unnoticed for years: a `usage` error. */
export function checkSettings({ values, path }: Settings, commands: Iterable<AnyCommand>): void {
  const keys = [...commands].flatMap(({ flags }) => Object.keys(flags))
  const known = new Set(keys.filter((key) => !isOnceOnly(key)))
  for (const key of Object.keys(values)) {
    if (known.has(key)) continue
    throw isOnceOnly(key)
      ? new SmugdlError('usage', {
          what: `${settingName(key, path)} is not a setting`,
          next: Object.hasOwn(grantFlags, key)
            ? '"smugdl plugins allow NAME" gives a plugin rights from now on'
            : Object.hasOwn(execFlags, key)
              ? 'Give it as a flag: nothing that is settled starts programs'
              : 'Give it as a flag or in the environment',
        })
      : new SmugdlError('usage', {
          what: `There is no setting ${settingName(key, path)}`,
          next: `${didYouMean(key, known)}Settings are the flags, in one word: --log-file is "logFile"`,
        })
  }
}

/** Rights are given to a plugin as its files are, and output for programs is asked for by the program that reads it: no settings. */
export function isOnceOnly(key: string): boolean {
  return [grantFlags, jsonFlag, execFlags].some((flags) => Object.hasOwn(flags, key))
}

const typeOf = { boolean: 'boolean', integer: 'number', text: 'string', list: 'string' } as const
const wanted = {
  boolean: 'true or false',
  integer: 'a number',
  text: 'a text',
  list: 'a text or a list of texts',
} as const
