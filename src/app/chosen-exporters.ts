import { SmugdlError } from '../error.ts'
import { builtIn, isBuiltIn } from '../exporter/built-in.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'
import { loadExporters } from './exporter-registry.ts'
import type { Io } from './io.ts'
import { findPluginsFor, type PlaceValues } from './plugin-folders.ts'
import { type GrantValues, grantsOf } from './plugin-permissions.ts'

/** The exporters of a run; plugins among them live in processes of their own until this is disposed of. */
export interface ChosenExporters extends AsyncDisposable {
  readonly exporters: readonly Exporter[]
}

/**
 * The exporters of these names, in this order, built-in or plugins. No other plugin's code is run. Throws `usage` for a name that none
 * or more than one has, and for a plugin that does not load.
 */
export async function chosenExporters(
  names: readonly string[],
  values: PlaceValues & GrantValues,
  io: Io,
): Promise<ChosenExporters> {
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
    const { loadPlugin } = await import('../plugin-host/parent/plugin.ts')
    exporters.push(started.use(await loadPlugin(plugin, { program: io.program, env: io.env, grants: grants(name) })))
  }
  const processes = started.move()
  return { exporters, [Symbol.asyncDispose]: () => processes.disposeAsync() }
}

/** Undefined for a built-in exporter. Two of one name are an error even if one is built in: nobody is to wonder which one it was. */
function theOne(name: string, found: readonly FoundPlugin[], { plugins }: PlaceValues): FoundPlugin | undefined {
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
