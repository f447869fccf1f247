import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import type { InstalledExporter } from '../engine/exporters/installed.ts'
import type { RunPlan } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import type { ApiEvent } from '../smugmug/event.ts'
import { connectAs, reachOf } from './connection.ts'
import { withDeadline } from './deadline.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { exporterNamed } from './exporter-registry.ts'
import type { LoggedIn } from './logged-in.ts'
import { catalogPath } from './output.ts'
import { runEventOf } from './run-event-of.ts'

/**
 * One run, under the output's lock, which names the `command`; a dry run works on a copy of the catalog and locks nothing. Of a first run
 * that was asked for what cannot be, such as an album that is not there, nothing stays.
 */
export async function lockedRun(...run: Parameters<typeof runLocked>): Promise<RunSummary> {
  const [{ output, dryRun }] = run
  const isFirst = !dryRun && !existsSync(catalogPath(output))
  const wasThere = existsSync(output)
  try {
    return await runLocked(...run)
  } catch (error) {
    if (isFirst && error instanceof SmugdlError && error.kind === 'usage') await removeUnused(output, wasThere)
    throw error
  }
}

/** What a run makes before it brings anything. Folders go only where nothing else is in them, and the output only if the run made it. */
async function removeUnused(output: string, wasThere: boolean): Promise<void> {
  const own = dirname(catalogPath(output))
  for (const name of ['catalog.sqlite', 'lock.alive']) await rm(join(own, name), { force: true }).catch(() => {})
  for (const folder of [join(own, 'staging'), own, ...(wasThere ? [] : [output])]) await rmdir(folder).catch(() => {})
}

async function runLocked(
  plan: RunPlan,
  exporters: readonly InstalledExporter[],
  account: LoggedIn,
  command: string,
  use: Surroundings<RunEvent>,
): Promise<RunSummary> {
  const [{ Catalog }, { RunLock }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/lock/lock.ts'),
  ])
  using _lock = plan.dryRun ? undefined : RunLock.acquire(plan.output, { command, now: use.now() })
  const path = catalogPath(plan.output)
  using catalog = plan.dryRun ? Catalog.openCopy(path) : Catalog.open(path)
  return await runWith(plan, exporters, account, catalog, use)
}

/** One run with a catalog that the caller holds. */
export async function runWith(
  plan: RunPlan,
  exporters: readonly InstalledExporter[],
  { credentials, connection }: LoggedIn,
  catalog: Catalog,
  use: Surroundings<RunEvent>,
): Promise<RunSummary> {
  const { run } = await import('../engine/run/run.ts')
  const emit = (event: RunEvent) => use.events(event)
  const onEvent = (event: ApiEvent) => emit(runEventOf(event))
  using interrupt = withDeadline(interruptOf(use), plan.maxDurationMs)
  const { draining, signal, timeUp } = interrupt
  await using smugmug = await connectAs(credentials, connection, { signal, onEvent })
  const reach = reachOf(connection)
  const parts = { smugmug, catalog, exporters, exporterNamed, reach, now: use.now, draining, signal, timeUp, emit }
  return await run(plan, parts)
}
