import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { keyOf } from '../../catalog/file-key.ts'
import type { AlbumRun, Pending } from './album-state.ts'
import type { Finished } from './settle.ts'

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
