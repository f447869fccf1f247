import type { InstalledExporter } from '../engine/exporters/installed.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'
import type { Environment } from './environment.ts'
import { type KnownExporter, knownExporters, loadExporters } from './exporter-registry.ts'
import { loadInstalledPlugin } from './load-plugin.ts'
import { findPluginsFor, type PlaceValues } from './plugin-folders.ts'
import { type Asking, type GrantValues, grantsOf } from './plugin-permissions.ts'

/** Where plugins are looked for, what they may do this once beside what they were allowed, and who may allow more. */
export type PluginChoice = Partial<PlaceValues & GrantValues> & Asking

/** The exporters of a run; plugins among them live in processes of their own until this is disposed of. */
export interface ChosenExporters extends AsyncDisposable {
  readonly exporters: readonly InstalledExporter[]
}

/**
 * The exporters of these names, in this order, built-in or plugins. No other plugin's code is run. Throws `usage` for a name that none
 * or more than one has, for a plugin that does not load, and for one that wants more than it
 * is allowed.
 */
export async function chosenExporters(
  names: readonly string[],
  choice: PluginChoice,
  environment: Environment,
): Promise<ChosenExporters> {
  const known = knownExporters(await findPluginsFor(choice, environment))
  const chosen = names.map((name) => theOne(name, known, choice))
  const plugins = chosen.flatMap(({ name, plugin }) => (plugin === undefined ? [] : [name]))
  const grants = grantsOf(choice, plugins, environment)
  await using started = new AsyncDisposableStack()
  const exporters: InstalledExporter[] = []
  for (const { name, plugin: found } of chosen) {
    if (found === undefined) {
      exporters.push(...(await loadExporters([name])))
      continue
    }
    const { plugin, installed } = await loadInstalledPlugin(found, grants(name), choice, environment)
    started.use(plugin)
    exporters.push(installed)
  }
  const processes = started.move()
  return { exporters, [Symbol.asyncDispose]: () => processes.disposeAsync() }
}

/** A plugin by its name. Throws `usage` where there is none, more than one, or a built-in exporter of that name. */
export async function thePlugin(name: string, choice: PluginChoice, environment: Environment): Promise<FoundPlugin> {
  const { plugin } = theOne(name, knownExporters(await findPluginsFor(choice, environment)), choice)
  if (plugin !== undefined) return plugin
  throw new SmugdlError('usage', { what: 'This exporter comes with smugdl and needs no rights', item: name })
}

/** The exporter of a name. Throws `usage` where there is none. Two of one name are an error even if one is built in: nobody is to wonder which one it was. */
export function theOne(name: string, all: readonly KnownExporter[], { plugins = true }: PluginChoice): KnownExporter {
  const [one, ...others] = all.filter((each) => each.name === name)
  if (others.length > 0)
    throw new SmugdlError('usage', {
      what: `There is more than one exporter ${name}`,
      item: [one, ...others].map((each) => each?.plugin?.path ?? 'built into smugdl').join(', '),
      next: 'Give the file or folder another name (and the name inside), or move it away',
    })
  if (one !== undefined) return one
  const known = [...new Set(all.map((each) => each.name))]
  const meant = didYouMean(name, known)
  const elsewhere = meant === '' ? '; --plugin-dir DIR looks for plugins in another folder' : ''
  throw new SmugdlError('usage', {
    what: 'There is no such exporter',
    item: name,
    next: `${meant}There is ${known.join(', ')}${plugins ? elsewhere : '; plugins are not looked for'}`,
  })
}
