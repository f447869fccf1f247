import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import type { AdoptEvent, AdoptPlan, AdoptSummary } from '../engine/adopt/adopt.ts'
import type { InstalledExporter } from '../engine/exporters/installed.ts'
import { SmugdlError } from '../error.ts'
import { connectAs, reachOf } from './connection.ts'
import { defaults } from './defaults.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { exporterOptions } from './exporter-options.ts'
import { exporterNamed, loadExporters } from './exporter-registry.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { catalogPath } from './output.ts'
import { pathGiven } from './path-given.ts'
import { chosenHome } from './remembered-homes.ts'
import { runEventOf } from './run-event-of.ts'

export interface AdoptOptions extends AccountChoice {
  /** The folder with the pictures, as the user gave it. */
  dir: string
  /** `dir` itself if absent and `dir` is an output. */
  output?: string | undefined
  transfer?: AdoptPlan['transfer']
  /** Built-in exporters; those of the last run if empty. */
  exporter?: readonly string[]
  set?: readonly string[]
  /** Files read at once. */
  concurrency?: number | undefined
}

/** First of all, which folders it is about, without symbolic links. */
export type AdoptingEvent = AdoptEvent | { type: 'adopt.started'; folder: string; output: string }

/** Takes what a folder holds of the account into the output, without a download. */
export async function adopt(options: AdoptOptions, use: Surroundings<AdoptingEvent>): Promise<AdoptSummary> {
  const folder = await folderAt(pathGiven(options.dir, use.environment))
  const output = await outputFor(folder, options.output, use)
  const { credentials, connection } = await loggedIn(options, use)
  const [{ RunLock }, { openFoundFiles }, { adopt }, { lastExporters, lastOptions }] = await Promise.all([
    import('../catalog/lock/lock.ts'),
    import('../catalog/adopt-index.ts'),
    import('../engine/adopt/adopt.ts'),
    import('../engine/run/last-options.ts'),
  ])
  const chosen = options.exporter?.length ? await loadExporters(options.exporter) : undefined
  const emit = (event: AdoptEvent) => use.events(event)
  use.events({ type: 'adopt.started', folder, output })
  using _lock = RunLock.acquire(output, { command: 'adopt', now: use.now() })
  using catalog = await openCatalog({ folder, output }, use)
  using found = openFoundFiles(join(output, '.smugdl', 'adopt.sqlite'))
  const exporters = chosen ?? (await builtInAmong(lastExporters(catalog)))
  const interrupt = interruptOf(use)
  await using smugmug = await connectAs(credentials, connection, {
    signal: interrupt.signal,
    onEvent: (event) => emit(runEventOf(event)),
  })
  const plan = {
    folder,
    output,
    transfer: options.transfer ?? 'copy',
    readers: options.concurrency ?? defaults.readers,
    exporters: exporters.map(({ exporter }) => exporter.name),
    exporterOptions: exporterOptions(options.set ?? [], exporters, (name) => lastOptions(name, catalog)),
  }
  const parts = {
    ...interrupt,
    smugmug,
    catalog,
    found,
    exporters,
    exporterNamed,
    reach: reachOf(connection),
    now: use.now,
    emit,
  }
  const summary = await adopt(plan, parts)
  // What could not be read is tried again, the rest is not read again.
  if (summary.unreadable + summary.run.failedInAll === 0) found.remove()
  return summary
}

/** Without symbolic links, so that its files and the output's are recognised as the same. */
async function folderAt(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (there) => there.isDirectory(),
    () => false,
  )
  if (isFolder) return realpath(path)
  throw new SmugdlError('usage', {
    what: 'There is no such folder',
    item: path,
    next: 'Name the folder with the pictures',
  })
}

async function outputFor(
  folder: string,
  given: string | undefined,
  { environment }: Pick<Surroundings, 'environment'>,
): Promise<string> {
  if (given === undefined && existsSync(join(folder, '.smugdl'))) return folder
  const { output } = await chosenHome(given, { environment })
  return existsSync(output) ? realpath(output) : output
}

/** The exporters of the last run that come with smugdl; the usual ones before the first. */
async function builtInAmong(names: readonly string[] = defaults.exporter): Promise<InstalledExporter[]> {
  return (await Promise.all(names.map(exporterNamed))).filter((installed) => installed !== undefined)
}

/** The catalog of the output. A broken one is set aside when it is the output that is to be adopted. */
async function openCatalog(
  { folder, output }: Pick<AdoptPlan, 'folder' | 'output'>,
  { now, events }: Surroundings<AdoptingEvent>,
): Promise<Catalog> {
  const [{ Catalog }, { setAside }, { isBroken }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../catalog/set-aside.ts'),
    import('../catalog/sqlite-error.ts'),
  ])
  const path = catalogPath(output)
  if (folder !== output) return Catalog.open(path)
  try {
    const catalog = Catalog.open(path)
    if (catalog.integrity().length === 0) return catalog
    catalog.close()
  } catch (error) {
    if (!isBroken(error)) throw error
  }
  const aside = setAside(path, now())
  events({
    type: 'notice',
    text: `The catalog is broken. It is set aside as ${aside}, and a new one is made from your pictures; what "smugdl accept" left out on purpose has to be accepted again.`,
  })
  return Catalog.open(path)
}
