import { fileId } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { Image } from '../../exporter/types.ts'
import { hookOf } from '../exporters/current-hook.ts'
import { provenDelivery } from '../exporters/proven-delivery.ts'
import type { AlbumRun } from './album-state.ts'
import type { ToDeliver } from './decide.ts'
import { deliveryRow } from './delivery-row.ts'
import { localDuplicates } from './local-copy.ts'
import { outcomeOf } from './outcome-of.ts'
import type { Session } from './session.ts'
import { countLesser, settle } from './settle.ts'

/** Those whose exporter cannot make it of the same bytes that it has elsewhere already: for the others nobody has to obtain them. */
export async function withoutCopied(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly ToDeliver[],
  session: Session,
): Promise<ToDeliver[]> {
  const wanting: ToDeliver[] = []
  for (const decision of asked) if (!(await isCopied(run, row, image, decision, session))) wanting.push(decision)
  return wanting
}

async function isCopied(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  { driver, target, before }: ToDeliver,
  session: Session,
): Promise<boolean> {
  const { emit, now, recorder } = session
  const { album } = run
  const { source } = row
  if (!driver.canCopy || source.kind === 'none') return false
  // What came a moment ago must be known to be there.
  if (recorder.isPending(row)) await recorder.flush()
  const others = localDuplicates(row, session).filter(
    (other) => other.exporter === driver.name && (other.album !== row.album || fileId(other) !== fileId(row)),
  )
  for (const { delivery: from, facts, verifiedAt } of others) {
    if (from === undefined) continue
    try {
      const delivery = await driver.files.during(hookOf(image, album), async () => {
        const returned = await driver.copy(from, image, album, before?.delivery)
        return returned && (await provenDelivery(driver, returned, facts))
      })
      if (delivery === undefined) continue
      const delivered = deliveryRow(driver, album, image, now(), {
        serial: row.serial,
        facts: { ...facts, kind: source.kind },
        described: target.described,
        pending: false,
        delivery,
        verifiedAt,
      })
      await recorder.add(delivered)
      countLesser(source.kind, driver, session)
      settle(run, driver, { image, row: delivered, outcome: outcomeOf(delivered, before, driver) }, session)
      return true
    } catch (error) {
      // The long way may still do.
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
      emit({ type: 'detail', text: `Not copied from ${from.path}: ${error.message}` })
    }
  }
  return false
}
