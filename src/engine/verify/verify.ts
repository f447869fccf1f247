import { join } from 'node:path'
import { prefetch } from '../../async/prefetch.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { SmugdlError } from '../../error.ts'
import type { InspectDepth, Inspection, Network } from '../../exporter/types.ts'
import { albumPath } from '../account/album-filter.ts'
import { albumFor } from '../account/describe.ts'
import { standingOf } from '../exporters/delivery-worth.ts'
import type { Driver } from '../exporters/driver.ts'
import type { InstalledExporter } from '../exporters/installed.ts'
import { offlineDrivers } from '../exporters/offline-drivers.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { costsOfReading } from '../exporters/reading-elsewhere.ts'
import { withHashThreads } from '../files/hash-threads.ts'
import { inspectFile, isFileProof, isKeptEdited, lookAtFile } from '../files/proof.ts'
import { Readers } from '../files/readers.ts'
import type { RunPlan } from '../run/plan.ts'
import { type Inspected, inspectDelivery, inspectionOf, isUnsound } from './inspect.ts'
import { type InventoryItem, inventoryOf, isAboutAlbum, isIn, type Subset } from './inventory.ts'
import { lookForStrangers, type Strangers } from './strangers.ts'
import { Verified } from './verified-log.ts'

export interface VerifyPlan extends Pick<RunPlan, 'output' | 'exporterOptions'> {
  /** `quick`: size and time; `full`: every byte. */
  depth: InspectDepth
  /** Only this share; everything if absent. */
  subset?: Subset
  /** Files read at once (`Readers`). */
  readers: number
}

/** Maximum number of finished items that wait for a slower one before them, because reports come in the order of the paths. */
const ahead = 1000

export interface VerifyParts {
  catalog: Catalog
  exporters: readonly InstalledExporter[]
  /** See `RunParts`. */
  reach?: Network
  now(): number
  /** Aborted first: no further file is started. */
  draining: AbortSignal
  /** Aborted last: work stops at once. */
  signal: AbortSignal
  emit(event: VerifyEvent): void
}

/** `unreadable`: it exists, but its contents cannot be read. `unproven`: it is recorded as kept, but cannot be inspected. */
type Trouble = Exclude<Inspection, 'ok'> | 'unreadable' | 'unproven'

/** An item that is not at home as it was delivered. */
export interface Finding {
  state: Trouble
  exporter: string
  /** Relative to the exporter's output. */
  path: string
  /** Absent for a file that the exporter wrote beside the images. */
  imageKey?: string
  /** Absent for the image itself. */
  component?: string
  albumKey?: string
  /** `folder/…/album` in display names. */
  album?: string
  /** The finding is about a sidecar of the image. */
  isSidecar?: true
  /** Why it cannot be read or inspected. */
  reason?: string
}

export interface VerifySummary extends Strangers {
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  depth: InspectDepth
  subset?: Subset
  /** Images, once for each exporter, and what was written beside them = ok + missing + damaged + changed + kept + unreadable + unproven. */
  items: number
  /** Bytes of the items that are ok, wherever they are kept: read or, with `quick`, only checked by size and time. */
  bytes: number
  ok: number
  /** Among those that are ok: files that an exporter made from the pictures, with other bytes. */
  made: number
  missing: number
  /** Same size and time, but other bytes. */
  damaged: number
  /** Changed by the user: left alone. */
  changed: number
  /** Changed by the user, who chose to keep them (`--keep-edited`); not findings. */
  kept: number
  unreadable: number
  /** They cannot be inspected. */
  unproven: number
  /** For each exporter that keeps nothing, the number of pictures passed to it; they cannot be verified and are not items. */
  unkept: Record<string, number>
  findings: Finding[]
}

export type VerifyEvent =
  /** Estimated if only a share is read. */
  | { type: 'verify.started'; items: number; bytes: number }
  | { type: 'verify.item'; exporter: string; path: string; bytes: number; state: Trouble | 'ok' }
  | { type: 'verify.unknown'; path: string }
  | { type: 'notice'; text: string }

/**
 * Compares the files at home with the catalog, offline, and records when each was last verified. Changes nothing else. Throws `cancelled` if
 * it is stopped, `destination` if the disk fails.
 */
export async function verify(plan: VerifyPlan, parts: VerifyParts): Promise<VerifySummary> {
  const { catalog, exporters, now, draining, signal, emit } = parts
  const startedAt = now()
  const names = catalog.deliveries.exporters()
  const notice = (text: string) => emit({ type: 'notice', text })
  const atHome = await offlineDrivers(exporters, plan, { ...parts, notice })
  const drivers = new Map(atHome.map((driver) => [driver.name, driver]))
  if (plan.depth === 'full') for (const text of costsOfReading(atHome, catalog, plan.subset?.of)) notice(text)
  emit({ type: 'verify.started', ...expected(names, plan, catalog) })

  const unkept = unkeptBy(names, drivers, catalog)
  const counts = {
    items: 0,
    bytes: 0,
    ok: 0,
    made: 0,
    missing: 0,
    damaged: 0,
    changed: 0,
    kept: 0,
    unreadable: 0,
    unproven: 0,
  }
  const findings: Finding[] = []
  const verified = new Verified(catalog)
  const albums = albumNames(catalog)
  const roots = new Map(names.map((name) => [name, join(plan.output, folderOf(name, catalog))]))
  const rootOf = (name: string) => roots.get(name) ?? plan.output

  const note = (one: InventoryItem, { state, reason }: Inspected): void => {
    // A sidecar that another program changed, or an album.json that the user did, is the user's, as the next run will find.
    const isDescription = one.sidecarOf !== undefined || (one.image === undefined && isAboutAlbum(one.path))
    if (isDescription && state === 'changed') return
    const driver = drivers.get(one.exporter)
    const bytes = sizeOf(one, driver)
    counts.items += 1
    const isKept = state === 'changed' && isKeptEdited(one.delivery)
    counts[isKept ? 'kept' : state] += 1
    if (state === 'ok') {
      counts.bytes += bytes
      if (one.image !== undefined && standingOf(one.image, driver) === 'made') counts.made += 1
      if (plan.depth === 'full' && one.image !== undefined) verified.add(one.image, now())
    } else if (!isKept) {
      findings.push(findingOf(one, state, reason, albums))
      if (isUnsound(state) && one.image !== undefined) verified.add(one.image, 0)
    }
    emit({ type: 'verify.item', exporter: one.exporter, path: one.path, bytes, state: isKept ? 'ok' : state })
  }
  const readers = new Readers(plan.readers)
  const look = async (one: InventoryItem): Promise<[InventoryItem, Inspected] | undefined> => {
    const driver = drivers.get(one.exporter)
    const isFile = isFileProof(one.delivery) && (driver?.installed.trusted ?? true)
    const found = await readers.run(isFile ? sizeOf(one, driver) : undefined, async () =>
      draining.aborted ? undefined : inspected(one, driver, rootOf(one.exporter), plan.depth),
    )
    // An interrupted inspection is not a finding.
    return found === undefined || (draining.aborted && found.state !== 'ok') ? undefined : [one, found]
  }
  const lookAtAll = async () => {
    for await (const looked of prefetch(wanted(names, plan, drivers, parts), ahead, look)) if (looked) note(...looked)
  }
  try {
    await withHashThreads({ readers: plan.readers, signal }, lookAtAll)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    verified.flush()
  }
  const stopped = draining.aborted || signal.aborted
  const here = names.filter((name) => drivers.get(name)?.keeps !== 'elsewhere')
  const onUnknown = (path: string) => emit({ type: 'verify.unknown', path })
  const strangers: Strangers = stopped
    ? { unknown: 0, closedFolders: [] }
    : await lookForStrangers(plan.output, here, { catalog, draining, onUnknown })
  if (draining.aborted || signal.aborted) {
    throw new SmugdlError('cancelled', { what: 'Interrupted', next: 'What was already verified is remembered' })
  }
  return {
    startedAt,
    endedAt: now(),
    depth: plan.depth,
    ...(plan.subset && { subset: plan.subset }),
    ...counts,
    unkept,
    ...strangers,
    findings: findings.sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

/** Whether there was anything kept, and all of it was inspected and is as delivered. */
export function isAllRight(summary: VerifySummary): boolean {
  const { missing, damaged, changed, unreadable, unproven } = summary
  return missing + damaged + changed + unreadable + unproven === 0 && !isNothing(summary)
}

/** Whether there was nothing to verify; a share of a few files may be empty. */
export function isNothing({ items, subset }: VerifySummary): boolean {
  return items === 0 && subset === undefined
}

/** Number of pictures passed to exporters that keep nothing. */
function unkeptBy(
  names: readonly string[],
  drivers: ReadonlyMap<string, Driver>,
  catalog: Catalog,
): Record<string, number> {
  const unkept = names.filter((name) => drivers.get(name)?.keeps === 'nothing')
  return Object.fromEntries(unkept.map((name) => [name, catalog.deliveries.totals(name).files]))
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

function* wanted(
  names: readonly string[],
  { subset }: VerifyPlan,
  drivers: ReadonlyMap<string, Driver>,
  { catalog, draining }: Pick<VerifyParts, 'catalog' | 'draining'>,
): Generator<InventoryItem> {
  for (const name of names) {
    const keepsNothing = drivers.get(name)?.keeps === 'nothing'
    const isKept = ({ delivery, facts }: DeliveryRow) =>
      !keepsNothing && (delivery !== undefined || facts.sha256 !== '')
    for (const one of inventoryOf(name, catalog, isKept)) {
      if (draining.aborted) return
      if (subset === undefined || isIn(one, subset)) yield one
    }
  }
}

async function inspected(
  one: InventoryItem,
  driver: Driver | undefined,
  root: string,
  depth: InspectDepth,
): Promise<Inspected> {
  const { delivery, image } = one
  // Files that an exporter wrote through the context are proven by the context.
  if (image === undefined && isFileProof(delivery))
    return inspectionOf(() => (depth === 'full' ? inspectFile(root, delivery, depth) : lookAtFile(root, delivery)))
  return inspectDelivery(one, driver, root, depth)
}

function findingOf(
  { exporter, path, image: itself, sidecarOf }: InventoryItem,
  state: Trouble,
  reason: string | undefined,
  albums: (key: string) => string | undefined,
): Finding {
  const image = itself ?? sidecarOf
  const album = image && albums(image.album)
  return {
    state,
    exporter,
    path,
    ...(image && { imageKey: image.image, albumKey: image.album }),
    ...(image && image.component !== '' && { component: image.component }),
    ...(album !== undefined && { album }),
    ...(sidecarOf !== undefined && { isSidecar: true as const }),
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

function sizeOf({ delivery, image }: InventoryItem, driver: Driver | undefined): number {
  if (isFileProof(delivery)) return delivery.size
  return driver === undefined || driver.keeps === 'nothing' ? 0 : (image?.facts.size ?? 0)
}
