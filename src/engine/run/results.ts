import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { type FileKey, keyOf } from '../../catalog/file-key.ts'
import type { Delivery, FileFacts, Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { standingOf } from '../exporters/standing.ts'
import type { StagedName } from '../files/staging-refs.ts'
import type { AlbumRun } from './album.ts'
import type { Outcome } from './outcome.ts'
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

/** Counts it and tells it. */
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
