import type { RunEvent, RunSummary } from '../engine/events.ts'
import { wholeAccount } from '../engine/run/plan.ts'
import { chosenExporters } from './chosen-exporters.ts'
import { defaults } from './defaults.ts'
import type { DownloadOptions } from './download.ts'
import type { Surroundings } from './environment.ts'
import { exporterOptions } from './exporter-options.ts'
import { loggedIn } from './logged-in.ts'
import { changeOutput, noteAttempt } from './output.ts'
import { chosenHome, remembering, reportHome } from './remembered-homes.ts'
import { lockedRun } from './run.ts'

export type RetryOptions = Omit<
  DownloadOptions,
  | 'album'
  | 'exclude'
  | 'since'
  | 'until'
  | 'type'
  | 'keyword'
  | 'privacy'
  | 'raw'
  | 'expectHome'
  | 'relistAfter'
  | 'dryRun'
  | 'full'
  | 'mirror'
  | 'pruneTrashDays'
  | 'spaceCheck'
>

/**
 * A run over the albums in which something failed, and no other, with the exporters and options of the last run unless others are given.
 * Undefined if nothing had failed.
 */
export async function retry(options: RetryOptions, use: Surroundings<RunEvent>): Promise<RunSummary | undefined> {
  const home = await chosenHome(options.output, use)
  const { output } = home
  const account = await loggedIn(options, use).catch(async (error) => {
    await noteAttempt('retry', output, error, use)
    throw error
  })
  const last = await changeOutput(output, 'retry', use, async (catalog) => {
    const { lastExporters, lastOptions } = await import('../engine/run/last-options.ts')
    const failing = catalog.failures.albums()
    const { knownDamage } = await import('../engine/verify/known-damage.ts')
    if ((knownDamage(catalog)?.damaged ?? 0) > 0)
      use.events({ type: 'notice', text: 'What verify found damaged, "smugdl verify --repair" fetches again.' })
    catalog.failures.makeDue(use.now())
    const exporters = options.exporter?.length ? options.exporter : (lastExporters(catalog) ?? defaults.exporter)
    return { failing, exporters, options: new Map(exporters.map((name) => [name, lastOptions(name, catalog)])) }
  })
  reportHome(home, use)
  if (last.failing.length === 0) return undefined
  await using chosen = await chosenExporters(last.exporters, options, use.environment)
  const plan = {
    ...wholeAccount,
    output,
    exporters: last.exporters,
    exporterOptions: exporterOptions(options.set ?? [], chosen.exporters, (name) => last.options.get(name) ?? {}),
    only: new Map(last.failing.map((album) => [album, 'all'] as const)),
    concurrency: options.concurrency,
    ...(options.limitRate !== undefined && { limitRate: options.limitRate }),
    ...(options.maxDurationMs !== undefined && { maxDurationMs: options.maxDurationMs }),
    ...(options.edited !== undefined && { edited: options.edited }),
  }
  await using heard = remembering(account, use)
  return await lockedRun(plan, chosen.exporters, account, 'retry', options.account === undefined ? heard : use)
}
