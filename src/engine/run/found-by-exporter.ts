import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import type { AlbumRun } from './album-state.ts'
import type { Decision, ToDeliver } from './decide.ts'
import { deliveryRow } from './delivery-row.ts'
import type { Session } from './session.ts'

/**
 * The decision as it is once the exporter was asked whether it has an image that the catalog knows nothing of, as after the catalog was lost, or
 * that is not where the catalog says and is wanted elsewhere now, as when a kill came between its move and the record of it. What it has is
 * recorded, and nothing is fetched; then its exporter brings it up to date. What is here is found by its bytes (`copyAtItsPlace`).
 */
export async function unlessFound(
  decision: ToDeliver,
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  session: Session,
): Promise<Decision> {
  const { driver, target, before } = decision
  const { delivery } = before ?? {}
  if (driver.keeps !== 'elsewhere' || (delivery !== undefined && delivery.path === target.path)) return decision
  try {
    const there = await found(decision, run, row, image, session)
    if (there === undefined) return decision
    const canRelocate = driver.canRelocate && !session.plan.dryRun
    if (before !== undefined && delivery !== undefined) {
      // Moved before: the exporter goes on with that, and takes away what is left at the old place. Of other bytes only a delivery does.
      const isMoved = canRelocate && before.facts.sha256 === there.facts.sha256
      return isMoved ? { kind: 'relocate', driver, target, before: { ...before, delivery } } : decision
    }
    // Where the exporter brings it up to date, that is recorded and not this: its sidecars would be missing in it after a kill.
    if (canRelocate) return { kind: 'relocate', driver, target, before: there }
    await session.recorder.add(there)
    return { kind: 'unchanged', driver, target, before: there }
  } catch (error) {
    // Without an answer it is delivered as anything else.
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    return decision
  }
}

async function found(
  { driver, target }: ToDeliver,
  { album }: AlbumRun,
  row: ListingRow,
  image: Image,
  { now }: Pick<Session, 'now'>,
): Promise<(DeliveryRow & { delivery: Delivery }) | undefined> {
  const { source, serial } = row
  if (source.kind === 'none' || source.md5 === undefined) return undefined
  const known = { md5: source.md5, ...(source.size !== undefined && { size: source.size }) }
  const there = await driver.find(image, known, album)
  return (
    there &&
    deliveryRow(driver, album, image, now(), {
      serial,
      facts: { ...there.facts, kind: source.kind },
      described: target.described,
      pending: false,
      delivery: there.delivery,
      verifiedAt: there.verifiedAt,
    })
  )
}
