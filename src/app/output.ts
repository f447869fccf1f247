import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog } from '../catalog/catalog.ts'
import { SmugdlError } from '../error.ts'
import { type ChosenExporters, chosenExporters, type PluginChoice } from './chosen-exporters.ts'
import type { Environment, Surroundings } from './environment.ts'
import { knownExporters } from './exporter-registry.ts'
import { findPluginsFor } from './plugin-folders.ts'

/** How often a run that has the catalog is asked whether it ended. */
const waitMs = 500

/** Where the catalog of an output is. */
export function catalogPath(output: string): string {
  return join(output, '.smugdl', 'catalog.sqlite')
}

/**
 * The catalog of an output, to look at. While a run has it, says so and waits for its end. No run can start before it is closed. Throws
 * `destination` where no run was made.
 */
export async function openToRead(
  output: string,
  { events, signal }: Pick<Surroundings, 'events' | 'signal'>,
): Promise<Catalog> {
  const [{ Catalog }, { isBusy }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/sqlite-error.ts'),
  ])
  for (let told = false; ; told = true) {
    try {
      return Catalog.openToRead(catalogPath(output), { waitMs: 0 })
    } catch (error) {
      if (!(error instanceof SmugdlError) || !isBusy(error)) throw error
      if (!told) events({ type: 'notice', text: `${error.what}. Waiting for it to end; Ctrl-C gives up.` })
    }
    await sleep(waitMs, undefined, { signal }).catch((cause) => {
      throw new SmugdlError('cancelled', { what: 'Interrupted', cause })
    })
  }
}

/**
 * What `work` makes of the catalog of an output that had a run, with the right to change it. Throws `destination` while a run has it, and
 * where none was made.
 */
export async function changeHome<T>(
  output: string,
  command: string,
  { now }: Pick<Surroundings, 'now'>,
  work: (catalog: Catalog) => Promise<T> | T,
): Promise<T> {
  const [{ Catalog }, { RunLock }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/lock/lock.ts'),
  ])
  // Before anything is made where nothing is.
  Catalog.openToRead(catalogPath(output)).close()
  using _lock = RunLock.acquire(output, { command, now: now() })
  using catalog = Catalog.open(catalogPath(output))
  return await work(catalog)
}

/**
 * Those of the exporters that delivered to this output that can be had; `notice` hears of the others. Plugins among them live in processes
 * of their own until this is disposed of.
 */
export async function exportersAtHome(
  catalog: Catalog,
  choice: PluginChoice,
  environment: Environment,
  notice: (text: string) => void,
): Promise<ChosenExporters> {
  const known = new Set(knownExporters(await findPluginsFor(choice, environment)).map(({ name }) => name))
  const names = catalog.deliveries.exporters()
  for (const name of names) {
    if (!known.has(name))
      notice(`The exporter "${name}" is not here to be asked: only files that it made can be looked at.`)
  }
  return chosenExporters(
    names.filter((name) => known.has(name)),
    choice,
    environment,
  )
}
