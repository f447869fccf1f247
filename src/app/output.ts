import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog } from '../catalog/catalog.ts'
import { canOnlyBeRead } from '../disk-error.ts'
import { announcedInAlbums, savedTotals } from '../engine/query/saved-totals.ts'
import { SmugdlError } from '../error.ts'
import { version } from '../version.ts'
import { type ChosenExporters, chosenExporters, type PluginChoice } from './chosen-exporters.ts'
import { defaults } from './defaults.ts'
import type { Environment, Surroundings } from './environment.ts'
import { knownExporters } from './exporter-registry.ts'
import { findPluginsFor } from './plugin-folders.ts'
import { count, dateAndTime } from './text/quantities.ts'

/** How often a run that has the catalog is asked whether it ended. */
const waitMs = 500

/** Where the catalog of an output is. */
export function catalogPath(output: string): string {
  return join(output, '.smugdl', 'catalog.sqlite')
}

/** Throws `destination` where no home was begun yet: for scheduled runs, whose disk may not be mounted. */
export function requireHome(output: string): void {
  if (hasHome(output)) return
  throw new SmugdlError('destination', {
    what: 'There is no home here, and --expect-home does not begin one',
    item: output,
    next: 'Connect its disk and run again; to begin a home here, run once without --expect-home',
  })
}

/** Whether a run was ever begun there. */
export function hasHome(output: string): boolean {
  return existsSync(catalogPath(output))
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
  for (let isReported = false; ; isReported = true) {
    try {
      return Catalog.openToRead(catalogPath(output), { waitMs: 0 })
    } catch (error) {
      if (!(error instanceof SmugdlError) || !isBusy(error)) throw error
      if (!isReported) events({ type: 'notice', text: `${error.what}. Waiting for it to end; Ctrl-C gives up.` })
    }
    await sleep(waitMs, undefined, { signal }).catch((cause) => {
      throw new SmugdlError('cancelled', { what: 'Interrupted', cause })
    })
  }
}

/** A catalog to look at. */
export interface OpenCommitted extends Disposable {
  readonly catalog: Catalog
  /** A run has it: this is a copy of what it has committed. */
  readonly underWay: UnderWay | undefined
}

export interface UnderWay {
  /** Milliseconds since 1970, as far as that can be known. */
  since: number | undefined
  /** Files at home by now. */
  files: number
  /** Images that the albums announce. */
  announced: number
}

/** As `openToRead`, without waiting: says that a run is under way, and how far it is. */
export async function openCommitted(output: string, { events }: Pick<Surroundings, 'events'>): Promise<OpenCommitted> {
  const [{ lockOwner }, { catalog, isBusy }] = await Promise.all([
    import('../catalog/lock/lock.ts'),
    committedCatalog(output),
  ])
  const looked = { catalog, [Symbol.dispose]: () => catalog.close() }
  if (!isBusy) return { ...looked, underWay: undefined }
  const since = lockOwner(output)?.since
  const underWay = { since, files: savedTotals(catalog).files, announced: announcedInAlbums(catalog) }
  events({ type: 'notice', text: underWayText(underWay) })
  return { ...looked, underWay }
}

/** What a home is made of: the exporters that are named, else those of its last run that brought pictures, each with its last options. */
export async function repeated(named: readonly string[], output: string): Promise<Map<string, LastOptions>> {
  const { homeExporters, lastOptions } = await import('../engine/run/last-options.ts')
  using catalog = await catalogOfLastRun(output)
  const names = named.length > 0 ? named : ((catalog && homeExporters(catalog)) ?? defaults.exporter)
  return new Map(names.map((name) => [name, catalog === undefined ? {} : lastOptions(name, catalog)]))
}

/** How many files a home has by what is recorded. */
export async function filesAt(output: string): Promise<number> {
  using catalog = await catalogOfLastRun(output)
  return catalog === undefined ? 0 : savedTotals(catalog).files
}

/** Undefined where no run has come as far as making one: a first run that was killed at once leaves an empty file. */
async function catalogOfLastRun(output: string): Promise<Catalog | undefined> {
  if (!hasHome(output)) return undefined
  const { NeverRun } = await import('../catalog/catalog.ts')
  try {
    return (await committedCatalog(output)).catalog
  } catch (error) {
    if (error instanceof NeverRun) return undefined
    throw error
  }
}

type LastOptions = Readonly<Record<string, unknown>>

/** The catalog, or while a run has it a copy of what that has committed. */
async function committedCatalog(output: string): Promise<{ catalog: Catalog; isBusy: boolean }> {
  const [{ Catalog }, { isBusy }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/sqlite-error.ts'),
  ])
  const path = catalogPath(output)
  try {
    return { catalog: Catalog.openToRead(path, { waitMs: 0 }), isBusy: false }
  } catch (error) {
    if (!(error instanceof SmugdlError) || !isBusy(error)) throw error
  }
  return { catalog: await Catalog.openSnapshot(path), isBusy: true }
}

function underWayText({ since, files, announced }: UnderWay): string {
  const when = since === undefined ? '' : ` since ${dateAndTime(since)}`
  return `A run is under way${when}: ${count(files)} of ${count(announced)} are home.`
}

/** Puts on record that a run could not even begin, where there is a home and no other run has it. Never throws: the error is reported anyway. */
export async function noteAttempt(
  command: string,
  output: string,
  error: unknown,
  { now }: Pick<Surroundings, 'now'>,
): Promise<void> {
  if (!(error instanceof SmugdlError) || !hasHome(output)) return
  const { kind, what, item } = error
  const note = ({ runs }: Catalog) =>
    runs.end(runs.begin(now(), version), now(), 'failed', {
      error: { kind, what, ...(item !== undefined && { item }) },
    })
  await changeOutput(output, command, { now }, note).catch(() => {})
}

/**
 * What `work` makes of the catalog of an output that had a run, with the right to change it. Throws `destination` while a run has it, and
 * where none was made.
 */
export async function changeOutput<T>(
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
 * As `changeOutput`, for work that only reads the files: where the disk is write-protected it gets a copy of the catalog, and what it notes
 * there is forgotten.
 */
export async function readOutput<T>(
  output: string,
  command: string,
  use: Pick<Surroundings, 'now' | 'events'>,
  work: (catalog: Catalog) => Promise<T> | T,
): Promise<T> {
  let begun = false
  try {
    return await changeOutput(output, command, use, (catalog) => {
      begun = true
      return work(catalog)
    })
  } catch (error) {
    if (begun || !canOnlyBeRead(error)) throw error
  }
  const text = 'The disk can only be read: that it was verified is not remembered.'
  use.events({ type: 'notice', text })
  const { Catalog } = await import('../catalog/catalog.ts')
  using copy = Catalog.openCopy(catalogPath(output))
  return await work(copy)
}

/**
 * Those of the exporters that delivered to this output that can be had; `notice` hears of the others. Plugins among them live in processes
 * of their own until this is disposed of.
 */
export async function exportersOnRecord(
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
