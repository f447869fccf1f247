import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { type FileKey, keyOf } from '../../catalog/file-key.ts'
import type { Delivery, FileFacts, FileKind, Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { standingOf } from '../exporters/standing.ts'
import { isFileProof, isKeptEdited } from '../files/destination.ts'
import type { StagedName } from '../files/staging-refs.ts'
import type { AlbumRun } from './album.ts'
import type { Outcome, SkipReason } from './outcome.ts'
import type { Session } from './session.ts'

/** An image that an exporter has. */
export interface Finished {
  image: Image
  row: DeliveryRow
  outcome: Exclude<Outcome, { kind: 'failed' }>
}

/** An image that an exporter will have when its album ends: what finds it again, for an album may list any number of them. */
export interface Waiting {
  readonly key: FileKey
  readonly path: string
  readonly facts: Pick<FileFacts, 'size' | 'sha256'>
  readonly outcome: Finished['outcome']
  /** Kept until then; none where the image is only moved. */
  readonly staged?: StagedName
  /** What is recorded then of one that is only moved; of the others the catalog has it. */
  readonly moved?: Pick<DeliveryRow, 'serial' | 'described'> & { readonly delivery: Delivery }
}

/** The one way out of an image that an exporter has: it is counted and reported. */
export function settle(run: AlbumRun, driver: Driver, finished: Finished, session: Session): void {
  session.tally.addLesser(driver.name, lesserOf(finished.row, driver))
  noteFinished(run, driver, finished, session)
}

/** Not in this run, and not named one by one: only counted. */
export function skip(those: readonly { driver: Driver }[], reason: SkipReason, { tally }: Session): void {
  for (const { driver } of those) tally.add(driver.name, { kind: 'skipped', reason })
}

/** Counts it and reports it. */
export function noteFinished(
  { album, path }: Pick<AlbumRun, 'album' | 'path'>,
  { name }: Pick<Driver, 'name'>,
  { image, row, outcome }: Omit<Finished, 'row'> & Partial<Pick<Finished, 'row'>>,
  { emit, tally }: Pick<Session, 'emit' | 'tally'>,
): void {
  tally.add(name, outcome)
  emit({
    type: 'image.finished',
    albumKey: album.key,
    imageKey: image.key,
    item: `${path}/${image.name}`,
    exporter: name,
    outcome: outcome.kind,
    bytes: 'bytes' in outcome ? outcome.bytes : 0,
    ...(row?.delivery !== undefined && { path: row.delivery.path }),
    ...(isKeptEdited(row?.delivery) && { edited: true }),
  })
}

/** A delivery that proves nothing, as a number of such. */
export function lesserOf(row: DeliveryRow, driver: Driver): { made: 0 | 1; unkept: 0 | 1 } {
  return { made: standingOf(row, driver) === 'made' ? 1 : 0, unkept: driver.keeps === 'nothing' ? 1 : 0 }
}

/** Nothing else of the row is kept in memory. */
export function waitForEnd(
  { pending }: AlbumRun,
  row: DeliveryRow,
  outcome: Finished['outcome'],
  those: Pick<Waiting, 'staged' | 'moved'>,
): void {
  const { size, sha256 } = row.facts
  const waiting = { key: keyOf(row), path: row.delivery?.path ?? '', facts: { size, sha256 }, outcome, ...those }
  const others = pending.get(row.exporter)
  if (others === undefined) pending.set(row.exporter, [waiting])
  else others.push(waiting)
}

/** What became of an image that was delivered. The same bytes at another place were only moved. */
export function outcomeOf(now: DeliveryRow, before: DeliveryRow | undefined, driver: Driver): Finished['outcome'] {
  const bytes = bytesOf(now, driver)
  if (before === undefined || before.pending) return { kind: 'new', bytes }
  const isAgain = isFileProof(now.delivery) && isFileProof(before.delivery) && now.facts.sha256 === before.facts.sha256
  if (!isAgain || now.described === before.described) return { kind: 'updated', bytes }
  return now.delivery?.path === before.delivery?.path ? { kind: 'unchanged' } : { kind: 'updated', bytes: 0 }
}

/** That it wrote, or was given to put elsewhere. */
function bytesOf({ delivery, facts }: DeliveryRow, { keeps }: Driver): number {
  if (keeps === 'nothing') return 0
  return isFileProof(delivery) ? delivery.size : facts.size
}

/** Transcodes and renditions are counted once an image, not once an exporter. */
export function countLesser(kind: FileKind, driver: Driver, { drivers, tally }: Session): void {
  if (driver !== drivers[0]) return
  if (kind === 'transcode') tally.transcodes += 1
  if (kind === 'rendition') tally.renditions += 1
}
