import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { eachAtOnce } from '../../async/for-each.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import type { InspectDepth, Inspection } from '../../exporter/types.ts'
import { albumPath } from '../account/album-filter.ts'
import type { Driver } from '../exporters/driver.ts'
import type { InstalledExporter } from '../exporters/installed.ts'
import { driversAtHome } from '../exporters/offline-drivers.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { inspectFile, isFileProof } from '../files/destination.ts'
import type { RunPlan } from '../run/plan.ts'
import { albumFor } from '../run/session.ts'
import { type Look, lookAt, seen } from './inspect.ts'
import { type AtHome, allAtHome, isIn, isOurs, type Subset } from './inventory.ts'
import { Verified } from './verified-log.ts'

export interface VerifyPlan extends Pick<RunPlan, 'output' | 'exporterOptions'> {
  /** `quick`: size and time; `full`: every byte. */
  depth: InspectDepth
  /** Only this share; everything if absent. */
  subset?: Subset
  /** Files read at once. */
  readers: number
}

export interface VerifyParts {
  catalog: Catalog
  exporters: readonly InstalledExporter[]
  now(): number
  /** Aborted first: begin no further file. */
  winding: AbortSignal
  /** Aborted last: stop at once. */
  signal: AbortSignal
  emit(event: VerifyEvent): void
}

/** `unreadable`: it is there, and nobody can tell what it holds. */
type Trouble = Exclude<Inspection, 'ok'> | 'unreadable'

/** What is not at home as it was delivered. */
export interface Finding {
  state: Trouble
  exporter: string
  /** Relative to the exporter's output. */
  path: string
  /** Absent for what the exporter wrote beside the images. */
  imageKey?: string
  albumKey?: string
  /** `folder/…/album` in display names. */
  album?: string
  /** Why it cannot be read. */
  reason?: string
}

export interface VerifySummary {
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  depth: InspectDepth
  subset?: Subset
  /** Images, once for each exporter, and what was written beside them = ok + missing + damaged + changed + unreadable + unproven. */
  items: number
  /** In those that are ok. */
  bytes: number
  ok: number
  missing: number
  /** The size and time that they had, and other bytes. */
  damaged: number
  /** Changed by the person: left alone. */
  changed: number
  unreadable: number
  /** Their exporter cannot tell, or is not there. */
  unproven: number
  /** In the output, and not ours. */
  unknown: number
  findings: Finding[]
}

export type VerifyEvent =
  /** Estimated where only a share is read. */
  | { type: 'verify.started'; items: number; bytes: number }
  | { type: 'verify.item'; exporter: string; path: string; bytes: number; state: Trouble | 'ok' | 'unproven' }
  | { type: 'verify.unknown'; path: string }
  | { type: 'notice'; text: string }

/**
 * Compares what is at home with what the catalog holds of it, offline, and remembers when each byte was last seen to be right. Changes
 * nothing else. Throws `cancelled` when it is stopped, `destination` when the disk fails.
 */
export async function verify(plan: VerifyPlan, parts: VerifyParts): Promise<VerifySummary> {
  const { catalog, exporters, now, winding, signal, emit } = parts
  const startedAt = now()
  const names = catalog.deliveries.exporters()
  const notice = (text: string) => emit({ type: 'notice', text })
  const atHome = await driversAtHome(exporters, plan, { ...parts, notice })
  const drivers = new Map(atHome.map((driver) => [driver.name, driver]))
  emit({ type: 'verify.started', ...expected(names, plan, catalog) })

  const counts = { items: 0, bytes: 0, ok: 0, missing: 0, damaged: 0, changed: 0, unreadable: 0, unproven: 0 }
  const findings: Finding[] = []
  const verified = new Verified(catalog)
  const albums = albumNames(catalog)

  const look = async (one: AtHome): Promise<void> => {
    const { state, reason } = await inspected(one, drivers.get(one.exporter), plan, catalog)
    const bytes = sizeOf(one)
    counts.items += 1
    counts[state] += 1
    if (state === 'ok') {
      counts.bytes += bytes
      if (plan.depth === 'full' && one.image !== undefined) verified.add(one.image, now())
    } else if (state !== 'unproven') findings.push(findingOf(one, state, reason, albums))
    emit({ type: 'verify.item', exporter: one.exporter, path: one.path, bytes, state })
  }
  try {
    await eachAtOnce(wanted(names, plan, catalog), plan.readers, look, winding)
  } finally {
    verified.flush()
  }
  const stopped = winding.aborted || signal.aborted
  const unknown = stopped ? 0 : await countUnknown(plan.output, names, parts)
  if (winding.aborted || signal.aborted) {
    throw new SmugdlError('cancelled', { what: 'Interrupted', next: 'What was verified by then is remembered' })
  }
  return {
    startedAt,
    endedAt: now(),
    depth: plan.depth,
    ...(plan.subset && { subset: plan.subset }),
    ...counts,
    unknown,
    findings: findings.sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

/** What is not as it was delivered. */
export function isAllRight({ missing, damaged, changed, unreadable }: VerifySummary): boolean {
  return missing + damaged + changed + unreadable === 0
}

function expected(
  names: readonly string[],
  { subset }: VerifyPlan,
  catalog: Catalog,
): { items: number; bytes: number } {
  let items = 0
  let bytes = 0
  for (const name of names) {
    const totals = catalog.deliveries.totals(name)
    items += totals.files
    bytes += totals.bytes
  }
  const share = subset?.of ?? 1
  return { items: Math.round(items / share), bytes: Math.round(bytes / share) }
}

function* wanted(names: readonly string[], { subset }: VerifyPlan, catalog: Catalog): Generator<AtHome> {
  for (const name of names) {
    for (const one of allAtHome(name, catalog)) if (subset === undefined || isIn(one, subset)) yield one
  }
}

async function inspected(
  { exporter, delivery, image }: AtHome,
  driver: Driver | undefined,
  { output, depth }: VerifyPlan,
  catalog: Catalog,
): Promise<Look> {
  // What an exporter wrote with the context's own tools is the context's own to prove.
  if (image === undefined && isFileProof(delivery))
    return seen(() => inspectFile(join(output, folderOf(exporter, catalog)), delivery, depth))
  return lookAt(delivery, driver, depth)
}

function findingOf(
  { exporter, path, image }: AtHome,
  state: Trouble,
  reason: string | undefined,
  albums: (key: string) => string | undefined,
): Finding {
  const album = image && albums(image.album)
  return {
    state,
    exporter,
    path,
    ...(image && { imageKey: image.image, albumKey: image.album }),
    ...(album !== undefined && { album }),
    ...(reason !== undefined && { reason }),
  }
}

function albumNames(catalog: Catalog): (key: string) => string | undefined {
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  return (key) => {
    const row = catalog.albums.get(key)
    return row && albumPath(albumFor(row, folders))
  }
}

function sizeOf({ delivery, image }: AtHome): number {
  return image?.facts.size ?? (isFileProof(delivery) ? delivery.size : 0)
}

/** Counts and tells the files under the output that no exporter made. */
async function countUnknown(
  output: string,
  names: readonly string[],
  { catalog, emit, winding }: VerifyParts,
): Promise<number> {
  let unknown = 0
  const visit = async (folder: string): Promise<void> => {
    for await (const entry of await opendir(join(output, folder))) {
      if (winding.aborted) return
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (path === '.smugdl') continue
      if (entry.isDirectory()) await visit(path)
      // A file system may give names back decomposed.
      else if (!isOurs(path.normalize('NFC'), names, catalog)) {
        unknown += 1
        emit({ type: 'verify.unknown', path })
      }
    }
  }
  await visit('')
  return unknown
}
