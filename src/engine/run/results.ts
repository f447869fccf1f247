import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { standingOf } from '../exporters/standing.ts'
import type { StagedFile } from '../files/staged-file.ts'
import type { AlbumRun } from './album.ts'
import type { Outcome } from './outcome.ts'
import type { Session } from './session.ts'

/** An image that an exporter has. */
export interface Finished {
  image: Image
  row: DeliveryRow
  outcome: Exclude<Outcome, { kind: 'failed' }>
}

/** An image that an exporter will have when its album ends. */
export interface Waiting extends Finished {
  /** Kept until then; none where the image is only moved. */
  file?: StagedFile
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

export function waitForEnd({ pending }: AlbumRun, { name }: Pick<Driver, 'name'>, waiting: Waiting): void {
  const others = pending.get(name)
  if (others === undefined) pending.set(name, [waiting])
  else others.push(waiting)
}
