import type { Catalog } from '../catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import type { InstalledExporter } from '../engine/exporters/installed.ts'
import type { RunPlan } from '../engine/run/plan.ts'
import type { ApiEvent } from '../smugmug/event.ts'
import { connectAs, reachOf } from './connection.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { exporterNamed } from './exporter-registry.ts'
import type { LoggedIn } from './logged-in.ts'
import { catalogPath } from './output.ts'
import { runEventOf } from './run-event-of.ts'

/** One run, under the output's lock, which names the `command`; a dry run works on a copy of the catalog and locks nothing. */
export async function lockedRun(
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
  const { draining, signal } = interruptOf(use)
  await using smugmug = await connectAs(credentials, connection, { signal, onEvent })
  const reach = reachOf(connection)
  return await run(plan, { smugmug, catalog, exporters, exporterNamed, reach, now: use.now, draining, signal, emit })
}
