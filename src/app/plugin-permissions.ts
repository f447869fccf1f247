import { dirname } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'
import { allowCommand, type Grants, rightsOf, withMore } from '../plugin-host/permissions.ts'
import { asWord } from '../shell-quote.ts'
import { allow, allowedTo } from './allowed-plugins.ts'
import type { Environment } from './environment.ts'
import { knownExporters } from './exporter-registry.ts'
import { pathGiven } from './path-given.ts'
import { alwaysSearched } from './plugin-folders.ts'

/** Rights for this call only: what `grantFlags` say. */
export interface GrantValues {
  readonly allowNet: readonly string[]
  readonly allowRun: readonly string[]
  readonly allowAll: readonly string[]
  readonly allowRead: readonly string[]
  readonly allowWrite: readonly string[]
}

/** Asks the user; absent where nobody can answer. */
export interface Asking {
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined
}

/** What a plugin may do at all, before it says what it wants. Asks again, or throws `usage`, when its files changed since it was allowed. */
export async function grantsFor(
  plugin: FoundPlugin,
  oneOff: Grants,
  { confirm }: Asking,
  environment: Environment,
): Promise<Grants> {
  const { grants, isChanged } = await allowedTo(plugin, environment)
  if (!isChanged) return withMore(grants, oneOff)
  const rights = rightsOf(grants)
  const what = `The plugin ${plugin.name} was changed since it was allowed ${rights.join(', ')}`
  if (await confirm?.(`${what} (${plugin.path}). Is it still allowed that?`)) {
    await allow(plugin, grants, environment)
    return withMore(grants, oneOff)
  }
  throw new SmugdlError('usage', {
    what,
    item: plugin.path,
    next: `If you trust what it is now: ${allowIt(plugin, rights, environment)}`,
  })
}

/** What a plugin may do that wants this: what it was given, or what the user adds when asked. Throws `usage` when that is not enough. */
export async function permitted(
  plugin: FoundPlugin,
  wants: NonNullable<Exporter['wants']>,
  given: Grants,
  { confirm }: Asking,
  environment: Environment,
): Promise<Grants> {
  const missing = given.all ? [] : wants.filter((want) => !given[want])
  if (missing.length === 0) return given
  const what = `The plugin ${plugin.name} asks to ${missing.map((want) => words[want]).join(' and ')}`
  const more = { net: missing.includes('net'), run: missing.includes('run') }
  if (await confirm?.(`${what}. Allow that, as long as its files stay as they are?`)) {
    await allow(plugin, withMore((await allowedTo(plugin, environment)).grants, more), environment)
    return withMore(given, more)
  }
  throw new SmugdlError('usage', {
    what,
    next: `If you trust it: ${allowIt(plugin, missing, environment)}. Nothing was downloaded`,
  })
}

/** The command that allows a plugin this, wherever it lies. */
function allowIt({ name, path }: FoundPlugin, rights: readonly string[], environment: Environment): string {
  const folder = dirname(path)
  const place = alwaysSearched(environment).includes(folder)
    ? ''
    : ` --plugin-dir ${asWord(folder, environment.platform)}`
  return `${allowCommand(name, rights)}${place}`
}

const words = { net: 'use the network', run: 'start programs, which may do whatever you may' }

/** `net`, `run`, `all`, `read=PATH`, `write=PATH` as grants. Throws `usage` for anything else. */
export function grantsIn(
  rights: readonly string[],
  environment: Pick<Environment, 'cwd' | 'env' | 'platform'>,
): Partial<Grants> {
  const read: string[] = []
  const write: string[] = []
  const flags = { all: false, net: false, run: false }
  for (const right of rights) {
    const [, kind, path] = /^(read|write)=(.+)$/s.exec(right) ?? []
    if (path?.includes('*'))
      throw new SmugdlError('usage', { what: 'A right takes no pattern: name the folder', item: right })
    if (path !== undefined) (kind === 'read' ? read : write).push(pathGiven(path, environment))
    else if (right === 'all' || right === 'net' || right === 'run') flags[right] = true
    else
      throw new SmugdlError('usage', {
        what: 'There is no such right',
        item: right,
        next: `${didYouMean(right, ['all', 'net', 'run'])}There is net, run, read=PATH, write=PATH and all`,
      })
  }
  return { ...flags, read, write }
}

/** What each of the chosen plugins may do by one-off rights. Throws `usage` for a right that is given to nobody: a typing error there must not pass. */
export function grantsOf(
  values: Partial<GrantValues>,
  plugins: readonly string[],
  io: Pick<Environment, 'cwd' | 'env' | 'platform'>,
): (plugin: string) => Grants {
  const names = (flag: string, given: readonly string[] = []) => given.map((name) => requirePlugin(flag, name, plugins))
  const paths = (flag: string, given: readonly string[] = []) =>
    given.map((text) => {
      const [, name, path] = /^([^:]+):(.+)$/s.exec(text) ?? []
      if (name === undefined || path === undefined)
        throw new SmugdlError('usage', { what: `${flag} takes PLUGIN:PATH`, item: text })
      if (path.includes('*'))
        throw new SmugdlError('usage', { what: `${flag} takes no pattern: name the folder`, item: text })
      return { name: requirePlugin(flag, name, plugins), path: pathGiven(path, io) }
    })
  const all = names('--allow-all', values.allowAll)
  const net = names('--allow-net', values.allowNet)
  const run = names('--allow-run', values.allowRun)
  const read = paths('--allow-read', values.allowRead)
  const write = paths('--allow-write', values.allowWrite)
  const of = (plugin: string, given: typeof read) => given.filter(({ name }) => name === plugin).map(({ path }) => path)
  return (plugin) => ({
    all: all.includes(plugin),
    net: net.includes(plugin),
    run: run.includes(plugin),
    read: of(plugin, read),
    write: of(plugin, write),
  })
}

function requirePlugin(flag: string, name: string, plugins: readonly string[]): string {
  if (plugins.includes(name)) return name
  if (knownExporters().some((ours) => ours.name === name))
    throw new SmugdlError('usage', { what: `${flag} is for plugins, and this exporter is built in`, item: name })
  throw new SmugdlError('usage', {
    what: `${flag} names a plugin that is not chosen`,
    item: name,
    next: didYouMean(name, plugins).trim() || `Choose it with --exporter ${name}`,
  })
}
