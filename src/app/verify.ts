import type { Catalog } from '../catalog/catalog.ts'
import type { RunEvent } from '../engine/events.ts'
import { wholeAccount } from '../engine/run/plan.ts'
import type { Subset } from '../engine/verify/inventory.ts'
import type { Finding, VerifyEvent, VerifySummary } from '../engine/verify/verify.ts'
import type { ChosenExporters, PluginChoice } from './chosen-exporters.ts'
import { connectAs, connectionFrom, reachOf } from './connection.ts'
import { defaults } from './defaults.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { exporterOptions } from './exporter-options.ts'
import { type AccountChoice, type LoggedIn, loggedIn } from './logged-in.ts'
import { changeOutput, exportersOnRecord, readOutput } from './output.ts'
import { homeToRead } from './remembered-homes.ts'
import { runWith } from './run.ts'
import { runEventOf } from './run-event-of.ts'

export interface VerifyOptions extends AccountChoice, PluginChoice {
  /** A path as the user gave it. */
  output?: string | undefined
  /** Only this share. */
  subset?: Subset
  /** Compare size and time only. */
  quick?: boolean
  /** Fetch what is missing or damaged: needs a login. */
  repair?: boolean
  /** Files read at once, and downloads at once. */
  concurrency?: number | undefined
}

/** What there is to hear, in this order; the run comes only with a repair. */
export type VerifyingEvent =
  | VerifyEvent
  | { type: 'verify.finished'; summary: VerifySummary; isRight: boolean }
  | RunEvent

export interface Verified {
  summary: VerifySummary
  /** Everything that was looked at is as it was delivered: found so, or repaired. */
  isRight: boolean
  /** Only after a repair: what is not as it was delivered even now. */
  left?: readonly Finding[]
}

/** Reads what is in the output again and compares it with what was delivered; with `repair`, under the same lock, fetches what is not right. */
export async function verify(options: VerifyOptions, use: Surroundings<VerifyingEvent>): Promise<Verified> {
  const output = await homeToRead(options.output, use)
  // Before hours of reading.
  const account = options.repair ? await loggedIn(options, use) : undefined
  const [open, command] = options.repair
    ? ([changeOutput, 'verify --repair'] as const)
    : ([readOutput, 'verify'] as const)
  return await open(output, command, use, async (catalog) => {
    const notice = (text: string) => use.events({ type: 'notice', text })
    await using chosen = await exportersOnRecord(catalog, options, use.environment, notice)
    const { verify, isAllRight } = await import('../engine/verify/verify.ts')
    const plan = {
      output,
      exporterOptions: await optionsOnRecord(chosen, catalog),
      depth: options.quick ? 'quick' : 'full',
      ...(options.subset && { subset: options.subset }),
      readers: options.concurrency ?? defaults.readers,
    } as const
    const emit = (event: VerifyEvent) => use.events(event)
    const { exporters } = chosen
    const isOnline = exporters.some(({ exporter }) => exporter.keeps === 'elsewhere')
    const reach = isOnline && { reach: reachOf(await connectionFrom(use.environment, { caFile: options.caFile })) }
    const summary = await verify(plan, { ...interruptOf(use), catalog, exporters, ...reach, now: use.now, emit })
    const isRight = isAllRight(summary)
    use.events({ type: 'verify.finished', summary, isRight })
    const { keepDamage } = await import('../engine/verify/known-damage.ts')
    keepDamage(summary.findings, summary, catalog)
    if (account === undefined || isRight) return { summary, isRight }
    const left = await repair(summary.findings, { ...options, output }, chosen, account, catalog, use)
    keepDamage(left, summary, catalog)
    return { summary, isRight: left.length === 0, left }
  })
}

/** The options that these exporters had when they were last used. */
export async function optionsOnRecord({ exporters }: ChosenExporters, catalog: Catalog) {
  const { lastOptions } = await import('../engine/run/last-options.ts')
  return exporterOptions([], exporters, (name) => lastOptions(name, catalog))
}

/** Fetches what is missing or damaged, and nothing else. What is not right even then. */
async function repair(
  findings: readonly Finding[],
  { output, concurrency = defaults.readers }: VerifyOptions & { output: string },
  chosen: ChosenExporters,
  account: LoggedIn,
  catalog: Catalog,
  use: Surroundings<VerifyingEvent>,
): Promise<Finding[]> {
  const { prepareRepair, unrepaired } = await import('../engine/verify/repair.ts')
  const { only, exporters } = await prepare()
  if (exporters.length > 0) {
    const exporterOptions = await optionsOnRecord(chosen, catalog)
    const plan = { ...wholeAccount, output, exporters, exporterOptions, only, concurrency }
    const used = chosen.exporters.filter(({ exporter }) => exporters.includes(exporter.name))
    await runWith(plan, used, account, catalog, use)
  }
  return unrepaired(findings, output, catalog)

  async function prepare() {
    const onEvent = (event: Parameters<typeof runEventOf>[0]) => use.events(runEventOf(event))
    const calling = { signal: use.signal, onEvent }
    await using smugmug = await connectAs(account.credentials, account.connection, calling)
    const distant = chosen.exporters.filter(({ exporter }) => exporter.keeps === 'elsewhere')
    const elsewhere = distant.map(({ exporter }) => exporter.name)
    return await prepareRepair(findings, output, { api: smugmug.api, catalog, elsewhere, now: use.now })
  }
}
