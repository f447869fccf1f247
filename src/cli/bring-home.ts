import { connectAs } from '../app/connection.ts'
import { exporterNamed } from '../app/exporter-registry.ts'
import { listenForInterrupt } from '../app/interrupt.ts'
import { openLogFile } from '../app/log-file.ts'
import type { LoggedIn } from '../app/logged-in.ts'
import { catalogPath } from '../app/output.ts'
import { runEventOf } from '../app/run-event-of.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import type { InstalledExporter } from '../engine/exporters/installed.ts'
import type { RunPlan } from '../engine/run/plan.ts'
import type { ApiEvent } from '../smugmug/event.ts'
import type { Context } from './command.ts'
import { type ExitCode, exitCodes, linesOf } from './exit.ts'

/** How a run is shown. */
export interface Show {
  json: boolean
  quiet: boolean
  verbose: boolean
  logFile: string | undefined
}

/** One run from the first request to the last line, shown while it goes on. */
export async function bringHome(
  plan: RunPlan,
  exporters: readonly InstalledExporter[],
  { credentials, connection }: LoggedIn,
  { json, quiet, verbose, logFile }: Show,
  { io, secrets }: Context,
): Promise<RunSummary> {
  const [{ Catalog }, { RunLock }, { run }, { createRenderer }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/lock/lock.ts'),
    import('../engine/run/run.ts'),
    import('./render/renderer.ts'),
  ])
  using log = logFile === undefined ? undefined : await openLogFile(logFile, io)
  const renderer = await createRenderer(io, json ? 'json' : quiet ? 'quiet' : 'auto', {
    verbose,
    ...(log === undefined ? {} : { log: log.write }),
  })
  const emit = (event: RunEvent) => renderer.on(event)
  using interrupt = listenForInterrupt((text) => emit({ type: 'notice', text }))
  const onEvent = (event: ApiEvent) => emit(runEventOf(event))
  try {
    await using smugmug = await connectAs(credentials, connection, { signal: interrupt.signal, onEvent })
    using _lock = plan.dryRun ? undefined : RunLock.acquire(plan.output, { command: 'download', now: io.now() })
    using catalog = plan.dryRun ? Catalog.openCopy(catalogPath(plan.output)) : Catalog.open(catalogPath(plan.output))
    const { winding, signal } = interrupt
    return await run(plan, { smugmug, catalog, exporters, exporterNamed, now: io.now, winding, signal, emit })
  } catch (error) {
    for (const line of linesOf(error, secrets)) log?.write(line)
    throw error
  } finally {
    renderer.end()
  }
}

export function exitCodeOf({ failedInAll }: RunSummary): ExitCode {
  return failedInAll === 0 ? 0 : exitCodes.item
}
