import { SmugdlError } from '../../error.ts'
import type { Exporter, ExporterContext, Hooks, VerifiedFile } from '../../exporter/types.ts'
import type { FoundPlugin } from '../find.ts'
import { type HookName, hookNames } from '../hook-names.ts'
import type { Grants } from '../permissions.ts'
import { type Facts, problemOf } from '../validate.ts'
import { bounded, longestPath } from './bounded.ts'
import { type Hosted, openHost } from './process.ts'
import type { HostPlace } from './spawn.ts'

/** An external plugin, which the engine treats like any other exporter. Its processes end when it is disposed of. */
export interface Plugin extends Exporter, AsyncDisposable {}

/** Set by the caller: where the plugin runs, and where the files for it are staged, given the folder that the plugin may write. */
export type PluginPlace = Omit<HostPlace, 'folders'> & {
  staging(folder: string): string
  /** The permissions of a plugin that declares these `wants`; throws if they are not sufficient. The default is `grants`. */
  permit?(wants: NonNullable<Exporter['wants']>): Promise<Grants>
}

/** Seconds for loading and for creating the hooks; longer work belongs in `prepare`. */
const loadSeconds = 30
const createSeconds = 60

/**
 * Loads a plugin's description, in a process that may read the plugin and nothing else. Each `create` starts another process, which may also
 * read the staged files and write the folder that its context names, and ends the previous one. Throws `usage` if the plugin must not or
 * cannot be loaded.
 */
export async function loadPlugin(
  found: FoundPlugin,
  { staging: stagingFor, permit, ...place }: PluginPlace,
): Promise<Plugin> {
  if (found.refusal !== undefined) throw new SmugdlError('usage', found.refusal)
  const facts = await factsOf(found, place)
  const grants = permit === undefined ? place.grants : await permit(facts.wants ?? [])
  let current: Hosted | undefined
  const end = async () => {
    const ended = current
    current = undefined
    await ended?.[Symbol.asyncDispose]()
  }
  return {
    ...facts,
    async create(context) {
      await end()
      const { output, dryRun } = context
      const staging = stagingFor(output)
      const folders = dryRun ? { read: [output, staging], write: [] } : { read: [staging], write: [output] }
      current = openHost(found, { ...place, grants, folders })
      await current.call(loadSeconds, 'load', found.entry)
      return hooksIn(current, context, (facts.hookMinutes ?? 5) * 60)
    },
    [Symbol.asyncDispose]: end,
  }
}

async function factsOf(found: FoundPlugin, place: Omit<HostPlace, 'folders'>): Promise<Facts> {
  await using host = openHost(found, { ...place, folders: { read: [], write: [] } })
  try {
    const said = (await host.call(loadSeconds, 'load', found.entry)) as Record<string, unknown>
    const problem = problemOf(said, found.name)
    if (problem !== undefined) throw new Error(problem)
    return said as unknown as Facts
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new SmugdlError('usage', { what: `The plugin ${found.name} ${why}`, item: found.path })
  }
}

/** The hooks that the plugin has, each forwarded. */
async function hooksIn(host: Hosted, context: ExporterContext, limitSeconds: number): Promise<Hooks> {
  const files = new Map<string, VerifiedFile>()
  const { output, options, dryRun, version, account, exporters, concurrency, signal } = context
  host.attach(context, files)
  const facts = { output, options, dryRun, version, account, exporters, concurrency }
  const said = await host.call(createSeconds, 'create', facts)
  const names = Array.isArray(said) ? hookNames.filter((name) => said.includes(name)) : []
  if (!names.includes('deliver')) throw new Error('it has no deliver(), the one hook that every exporter has')
  const abort = () => {
    host.notify('abort')
    host.endAfter(3, 'was ended, for it went on when the run was to end')
  }
  signal.addEventListener('abort', abort, { once: true })

  async function hook(name: HookName, ...args: readonly unknown[]): Promise<unknown> {
    const number = host.beginHook()
    // The caller has already given up. A process that does not even answer will not recover.
    const timer = setTimeout(() => host.call(5, 'ping').catch(() => {}), limitSeconds * 1000)
    try {
      return await host.call(undefined, 'hook', number, name, ...args)
    } finally {
      host.endHook(number)
      clearTimeout(timer)
    }
  }

  async function deliver(...[image, file, where]: Parameters<Hooks['deliver']>): Promise<never> {
    if (file === undefined) return ofSize(await hook('deliver', image, null, where)) as never
    const { path, kind, size, md5, sha256, contentType } = file
    files.set(path, file)
    try {
      return ofSize(await hook('deliver', image, { path, kind, size, md5, sha256, contentType }, where)) as never
    } finally {
      files.delete(path)
    }
  }

  const forwarded = names.filter((name) => name !== 'deliver' && name !== 'sidecars')
  const forward = (name: HookName) => [name, async (...args: unknown[]) => ofSize(await hook(name, ...args))]
  const sidecars = async (...args: unknown[]) =>
    bounded(await hook('sidecars', ...args), mostSidecars, 'returned sidecars') as never
  return { ...Object.fromEntries(forwarded.map(forward)), ...(names.includes('sidecars') && { sidecars }), deliver }
}

/** Limit for a delivery, which is stored for each picture and read in every run: it should contain only where a file is and what proves it. */
function ofSize<T>(returned: T): T {
  if (
    typeof returned === 'object' &&
    returned !== null &&
    'path' in returned &&
    String(returned.path).length > longestPath
  )
    throw new RangeError(`returned a path of more than ${longestPath.toLocaleString('en')} characters`)
  return bounded(returned, mostDelivery, 'returned a delivery')
}

/** Bytes, as JSON. */
const mostDelivery = 8 * 1024
const mostSidecars = 1024 * 1024
