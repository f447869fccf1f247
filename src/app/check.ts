import type { Catalog } from '../catalog/catalog.ts'
import type { DeliveryRow } from '../catalog/deliveries.ts'
import type { RunLock } from '../catalog/lock/lock.ts'
import type { Certificate } from '../engine/check/certificate.ts'
import type { CheckEvent } from '../engine/check/check.ts'
import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { version } from '../version.ts'
import type { PluginChoice } from './chosen-exporters.ts'
import { connectAs, reachOf } from './connection.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { homeToRead } from './homes.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { catalogPath, exportersOnRecord } from './output.ts'
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
  const [{ Catalog }, { check }, { draftCertificate }, { Verified }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../engine/check/check.ts'),
    import('../engine/check/certificate.ts'),
    import('../engine/verify/verified-log.ts'),
  ])
  using _lock = options.read ? await lockHome(output, use) : undefined
  const notices: string[] = []
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
  const draft = draftCertificate({ home: output, startedAt: use.now(), version, depth, exporters, choice })
  const verified = catalog && new Verified(catalog)
  const interrupt = interruptOf(use)
  await using smugmug = await connectAs(credentials, connection, { signal: interrupt.signal, onEvent: waitsTo(use) })
  const parts = {
    ...interrupt,
    smugmug,
    scratch,
    exporters: chosen.exporters,
    now: use.now,
    verified: (row: DeliveryRow, at: number) => verified?.add(row, at),
    reach: reachOf(connection),
    notice,
    detail() {},
  }
  try {
    for await (const event of check(plan, parts)) {
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
