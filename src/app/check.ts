import type { Catalog } from '../catalog/catalog.ts'
import type { DeliveryRow } from '../catalog/deliveries.ts'
import type { RunLock } from '../catalog/lock/lock.ts'
import type { Certificate } from '../engine/check/certificate.ts'
import type { CheckEvent, CheckPlan, ComparisonParts } from '../engine/check/compare-account.ts'
import type { RunSummary } from '../engine/events.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import type { User } from '../smugmug/api/user.ts'
import { version } from '../version.ts'
import type { PluginChoice } from './chosen-exporters.ts'
import { connectAs, reachOf } from './connection.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { catalogPath, exportersOnRecord } from './output.ts'
import { homeToRead } from './remembered-homes.ts'
import { type Wait, waitsTo } from './run-event-of.ts'
import { optionsOnRecord } from './verify.ts'

export interface CheckOptions extends AccountChoice, PluginChoice {
  /** A path as the user gave it. */
  output?: string | undefined
  /** Only what these exporters have counts; all that ever delivered if empty. */
  exporter?: readonly string[]
  /** Globs on `folder/…/album`. */
  album?: readonly string[]
  exclude?: readonly string[]
  /** Read every byte too, and remember that it was right. */
  read?: boolean
}

/** What there is to hear beside the comparison: sentences, and why it waits. */
export type CheckingEvent = CheckEvent | Wait

/** Compares the account with the output, trusting nothing that earlier runs saw. Changes nothing but what `read` remembers. */
export async function check(options: CheckOptions, use: Surroundings<CheckingEvent>): Promise<Certificate> {
  const output = await homeToRead(options.output, use)
  const { credentials, connection } = await loggedIn(options, use)
  using _lock = options.read ? await lockHome(output, use) : undefined
  const { signal } = interruptOf(use)
  await using smugmug = await connectAs(credentials, connection, { signal, onEvent: waitsTo(use) })
  const { check } = await import('../engine/check/check.ts')
  return await certified({ ...options, output }, use, (plan, parts) =>
    check(plan, { ...parts, smugmug, reach: reachOf(connection), detail() {} }),
  )
}

export interface ListedByRun extends AccountChoice, PluginChoice {
  /** Absolute. */
  output: string
  /** Globs on `folder/…/album`: what the run was asked for. */
  album: readonly string[]
  exclude: readonly string[]
  /** Whose account it is, as SmugMug says. */
  user: User
  summary: RunSummary
}

/** Certifies what a run brought by what that run itself has listed, every album of it: SmugMug is asked nothing again. */
export async function certifyRun(run: ListedByRun, use: Surroundings<CheckingEvent>): Promise<Certificate> {
  const { user, summary } = run
  const { connection } = await loggedIn(run, use)
  const { checkListed } = await import('../engine/check/check-listed.ts')
  const since = { startedAt: summary.startedAt, notices: summary.notices }
  return await certified({ ...run, ...since }, use, (plan, parts) =>
    checkListed(user, summary, plan, { ...parts, reach: reachOf(connection) }),
  )
}

type Comparison = (plan: CheckPlan, parts: ComparisonParts) => AsyncGenerator<CheckEvent>

async function certified(
  options: CheckOptions & { output: string; startedAt?: number; notices?: readonly string[] },
  use: Surroundings<CheckingEvent>,
  compare: Comparison,
): Promise<Certificate> {
  const { output } = options
  const [{ Catalog }, { draftCertificate }, { Verified }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../engine/check/certificate.ts'),
    import('../engine/verify/verified-log.ts'),
  ])
  const notices = [...(options.notices ?? [])]
  const notice = (text: string) => {
    notices.push(text)
    use.events({ type: 'notice', text })
  }
  using scratch = Catalog.openCopy(catalogPath(output))
  using catalog = options.read ? Catalog.open(catalogPath(output)) : undefined
  await using chosen = await exportersOnRecord(scratch, options, use.environment, notice)
  const exporters = namesOf(options.exporter ?? [], scratch)
  const depth = options.read ? 'full' : 'quick'
  const choice = { albums: options.album ?? [], exclude: options.exclude ?? [] }
  const plan = { ...choice, output, depth, exporters, exporterOptions: await optionsOnRecord(chosen, scratch) } as const
  const startedAt = options.startedAt ?? use.now()
  const draft = draftCertificate({ home: output, startedAt, version, depth, exporters, choice })
  const verified = catalog && new Verified(catalog)
  const parts = {
    ...interruptOf(use),
    scratch,
    exporters: chosen.exporters,
    now: use.now,
    verified: (row: DeliveryRow, at: number) => verified?.add(row, at),
    notice,
    beforehand: (text: string) => use.events({ type: 'notice', text }),
  }
  try {
    for await (const event of compare(plan, parts)) {
      draft.add(event)
      use.events(event)
    }
  } finally {
    verified?.flush()
  }
  return draft.finish({ endedAt: use.now(), notices })
}

/** What is read is remembered in the catalog, and only one may change that. Makes nothing where no run was made. */
async function lockHome(output: string, { now }: Pick<Surroundings, 'now'>): Promise<RunLock> {
  const [{ Catalog }, { RunLock }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/lock/lock.ts'),
  ])
  Catalog.openToRead(catalogPath(output)).close()
  return RunLock.acquire(output, { command: 'check --read', now: now() })
}

/** The exporters whose deliveries count. Throws `usage` for one that never delivered here. */
function namesOf(asked: readonly string[], { deliveries }: Catalog): readonly string[] {
  const known = deliveries.exporters()
  const unknown = asked.find((name) => !known.includes(name))
  if (unknown === undefined) return asked.length > 0 ? asked : known
  throw new SmugdlError('usage', {
    what: 'This exporter never delivered anything here',
    item: unknown,
    next: `${didYouMean(unknown, known)}Home was made by ${known.join(', ') || 'none yet'}`,
  })
}
