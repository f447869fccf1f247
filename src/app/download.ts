import type { RunEvent, RunSummary } from '../engine/events.ts'
import { type RunPlan, wholeAccount } from '../engine/run/plan.ts'
import { type ChosenExporters, chosenExporters, type PluginChoice } from './chosen-exporters.ts'
import { defaults } from './defaults.ts'
import type { Surroundings } from './environment.ts'
import { exporterOptions } from './exporter-options.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { noteAttempt, requireHome } from './output.ts'
import { pathGiven } from './path-given.ts'
import { lockedRun } from './run.ts'

export interface DownloadOptions
  extends AccountChoice,
    PluginChoice,
    Partial<Pick<RunPlan, 'concurrency' | 'dryRun' | 'full' | 'spaceCheck' | 'mirror' | 'pruneTrashDays'>> {
  /** A path as the user gave it. */
  output?: string
  /** Names, in the order in which they get each image. */
  exporter?: readonly string[]
  /** `EXPORTER.OPTION=VALUE`. */
  set?: readonly string[]
  /** Globs on `folder/…/album`. */
  album?: readonly string[]
  exclude?: readonly string[]
  /** Days after which an album is listed again, whatever its times say. */
  relistAfter?: number
  /** Begin no new home. */
  expectHome?: boolean
}

/** Downloads the account, or the albums that are chosen. Throws what ends a run early. */
export async function download(options: DownloadOptions, use: Surroundings<RunEvent>): Promise<RunSummary> {
  const names = options.exporter ?? defaults.exporter
  const output = pathGiven(options.output ?? defaults.output, use.environment)
  if (options.expectHome) requireHome(output)
  await using chosen = await chosenExporters(names, options, use.environment)
  const plan = downloadPlan(options, output, chosen)
  const account = await loggedIn(options, use).catch(async (error) => {
    await noteAttempt('download', output, error, use)
    throw error
  })
  return await lockedRun(plan, chosen.exporters, account, 'download', use)
}

function downloadPlan(options: DownloadOptions, output: string, { exporters }: ChosenExporters): RunPlan {
  const { concurrency, dryRun, full, spaceCheck, mirror, pruneTrashDays } = options
  return {
    ...wholeAccount,
    output,
    exporters: exporters.map(({ exporter }) => exporter.name),
    exporterOptions: exporterOptions(options.set ?? [], exporters),
    albums: options.album ?? [],
    exclude: options.exclude ?? [],
    relistAfterMs: (options.relistAfter ?? defaults.relistAfterDays) * 24 * 60 * 60 * 1000,
    concurrency: concurrency ?? defaults.concurrency,
    ...(dryRun !== undefined && { dryRun }),
    ...(full !== undefined && { full }),
    ...(spaceCheck !== undefined && { spaceCheck }),
    ...(mirror !== undefined && { mirror }),
    ...(pruneTrashDays !== undefined && { pruneTrashDays }),
  }
}
