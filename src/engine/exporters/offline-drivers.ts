import type { Catalog } from '../../catalog/catalog.ts'
import type { Network } from '../../exporter/types.ts'
import { Destination } from '../files/destination.ts'
import { Recorder } from '../files/recorder.ts'
import { Staging } from '../files/staging.ts'
import { Trash } from '../files/trash.ts'
import type { RunPlan } from '../run/plan.ts'
import { contextFor } from './context.ts'
import { createdBy } from './create-hooks.ts'
import { deliveredFiles } from './delivered-files.ts'
import { Driver } from './driver.ts'
import { type InstalledExporter, wantsBytes } from './installed.ts'

export interface OfflineParts {
  catalog: Catalog
  now(): number
  signal: AbortSignal
  /** See `RunParts`. */
  reach?: Network | undefined
  /** A message of an exporter for the user. */
  notice(text: string): void
}

/** Drivers for use outside of a run, which only call `inspect` and `read`. */
export async function offlineDrivers(
  installed: readonly InstalledExporter[],
  plan: Pick<RunPlan, 'output' | 'exporterOptions'>,
  { catalog, now, signal, reach, notice }: OfflineParts,
): Promise<Driver[]> {
  const staging = new Staging(plan.output)
  const recorder = new Recorder(catalog)
  const needs = {
    plan: { ...plan, dryRun: true },
    catalog,
    staging,
    destination: new Destination(staging, new Trash(plan.output, now()), (folder) => recorder.touched(folder)),
    recorder,
    withBytes: installed.filter(wantsBytes).map(({ exporter }) => exporter.name),
    installed,
    smallCopy: async () => undefined,
    claimed: [],
    staged: new Map(),
    tally: { notice },
    network: reach,
    signal,
    emit() {},
  }
  const driverOf = async (one: InstalledExporter) => {
    const files = deliveredFiles(one, needs)
    const { inspect, read } = await createdBy(one, contextFor(one, files, needs))
    const hooks = { deliver: notNow, ...(inspect && { inspect }), ...(read && { read }) }
    return new Driver(one, hooks, files, plan.output)
  }
  return Promise.all(installed.map(driverOf))
}

function notNow(): never {
  throw new Error('nothing is delivered while home is looked at')
}
