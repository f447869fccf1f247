import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SmugdlError } from '../error.ts'
import { builtIn, claimOf, isBuiltIn, outputOf } from '../exporter/built-in.ts'
import type { FoundPlugin } from '../exporter/find-plugins.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'
import { loadExporters } from './exporters.ts'
import { type GrantValues, grantsOf } from './grants.ts'
import type { Io } from './io.ts'
import { findPluginsFor, type PlaceValues } from './plugin-places.ts'

/** The exporters of a run; plugins among them live in processes of their own until this is disposed of. */
export interface ChosenExporters extends AsyncDisposable {
  readonly exporters: readonly Exporter[]
}

interface Values extends PlaceValues, GrantValues {
  /** Absolute. */
  readonly output: string
  readonly dryRun: boolean
}

/**
 * The exporters of these names, in this order, built-in or plugins. No other plugin's code is run. Throws `usage` for a name that none
 * or more than one has and for a plugin that does not load, `destination` where the folder that would be a plugin's is somebody else's.
 */
export async function chosenExporters(names: readonly string[], values: Values, io: Io): Promise<ChosenExporters> {
  const found = await findPluginsFor(values, io)
  const plugins = new Map(names.map((name) => [name, theOne(name, found, values)]))
  const grants = grantsOf(
    values,
    names.filter((name) => !isBuiltIn(name)),
    io,
  )
  await using started = new AsyncDisposableStack()
  const exporters: Exporter[] = []
  for (const [name, plugin] of plugins) {
    if (plugin === undefined) {
      exporters.push(...(await loadExporters([name])))
      continue
    }
    await requireOwnFolder(plugin, values.output)
    const { startPlugin } = await import('../exporter/plugin.ts')
    const place = {
      program: io.program,
      env: io.env,
      output: outputOf(values.output, name),
      staging: join(values.output, '.smugdl', 'staging'),
      dryRun: values.dryRun,
      grants: grants(name),
    }
    exporters.push(started.use(await startPlugin(plugin, place)))
  }
  const processes = started.move()
  return { exporters, [Symbol.asyncDispose]: () => processes.disposeAsync() }
}

/** Undefined for a built-in exporter. Two of one name are an error even if one is built in: nobody is to wonder which one it was. */
function theOne(name: string, found: readonly FoundPlugin[], { plugins }: Values): FoundPlugin | undefined {
  const places = [
    ...(isBuiltIn(name) ? ['built into smugdl'] : []),
    ...found.filter((each) => each.name === name).map(({ path }) => path),
  ]
  if (places.length > 1)
    throw new SmugdlError('usage', {
      what: `There is more than one exporter ${name}`,
      item: places.join(', '),
      next: 'Give the file or folder another name (and the name inside), or move it away',
    })
  if (isBuiltIn(name)) return undefined
  const plugin = found.find((each) => each.name === name)
  if (plugin !== undefined) return plugin
  const known = [...new Set([...builtIn, ...found.map((each) => each.name)])]
  throw new SmugdlError('usage', {
    what: 'There is no such exporter',
    item: name,
    next: `${didYouMean(name, known)}There is ${known.join(', ')}${plugins ? '' : '; plugins are not looked for'}`,
  })
}

/** A folder that holds something is a plugin's only if an earlier run has noted so: it may be an album's, or the person's. */
async function requireOwnFolder({ name, path }: FoundPlugin, output: string): Promise<void> {
  const folder = outputOf(output, name)
  const there = await lstat(folder).catch(() => undefined)
  if (there === undefined) return
  const isClaimed = (await lstat(claimOf(output, name)).catch(() => undefined)) !== undefined
  if (there.isDirectory() && (isClaimed || (await readdir(folder)).length === 0)) return
  throw new SmugdlError('destination', {
    what: `The plugin ${name} would get a folder to itself, but what is there is not its own`,
    item: folder,
    next: `Move it away, or give the plugin another name: ${path}`,
  })
}
