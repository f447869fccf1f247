import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { Grants } from '../plugin-host/permissions.ts'
import type { Environment } from './environment.ts'
import { knownExporters } from './exporter-registry.ts'
import { pathGiven } from './path-given.ts'

/** What `grantFlags` say. */
export interface GrantValues {
  readonly allowNet: readonly string[]
  readonly allowRun: readonly string[]
  readonly allowAll: readonly string[]
  readonly allowRead: readonly string[]
  readonly allowWrite: readonly string[]
}

/** What each of the chosen plugins may do. Throws `usage` for a right that is given to nobody: a typing error there must not pass. */
export function grantsOf(
  values: Partial<GrantValues>,
  plugins: readonly string[],
  io: Pick<Environment, 'cwd' | 'env'>,
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
    throw new SmugdlError('usage', { what: `${flag} is for plugins; built in is`, item: name })
  throw new SmugdlError('usage', {
    what: `${flag} names a plugin that is not chosen`,
    item: name,
    next: didYouMean(name, plugins).trim() || `Choose it with --exporter ${name}`,
  })
}
