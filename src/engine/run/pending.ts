import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { type FileKey, keyOf } from '../../catalog/file-key.ts'
import type { Delivery, FileFacts } from '../../exporter/types.ts'
import type { StagedName } from '../files/staging-refs.ts'
import type { AlbumRun } from './album.ts'
import type { Finished } from './settle.ts'

/** An image that an exporter will have when its album ends: what finds it again, for an album may list any number of them. */
export interface Pending {
  readonly key: FileKey
  readonly path: string
  readonly facts: Pick<FileFacts, 'size' | 'sha256'>
  readonly outcome: Finished['outcome']
  /** Kept until then; none where the image is only moved. */
  readonly staged?: StagedName
  /** What is recorded then of one that is only moved; of the others the catalog has it. */
  readonly moved?: Pick<DeliveryRow, 'serial' | 'described'> & { readonly delivery: Delivery }
}

/** Nothing else of the row is kept in memory. */
export function awaitAlbumEnd(
  { pending }: AlbumRun,
  row: DeliveryRow,
  outcome: Finished['outcome'],
  those: Pick<Pending, 'staged' | 'moved'>,
): void {
  const { size, sha256 } = row.facts
  const one = { key: keyOf(row), path: row.delivery?.path ?? '', facts: { size, sha256 }, outcome, ...those }
  const others = pending.get(row.exporter)
  if (others === undefined) pending.set(row.exporter, [one])
  else others.push(one)
}
