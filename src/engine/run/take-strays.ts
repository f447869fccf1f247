import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, Stray } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { isThere } from './decide.ts'
import type { Session } from './session.ts'

/**
 * Records what an exporter has elsewhere and the catalog knows nothing of: what a run delivered that was killed before it was recorded, or all,
 * after the catalog was lost. Before anything else, as it may belong somewhere else by now, where nobody would look for it: from here on it is
 * moved, brought up to date and removed as any delivery. Of two of one picture the one that is recorded and there stays, unless the other has
 * newer bytes.
 */
export async function takeStrays(session: Session): Promise<void> {
  const { catalog, drivers, plan, recorder } = session
  if (plan.dryRun) return
  for (const driver of drivers.filter(({ keeps }) => keeps === 'elsewhere')) {
    const isRecorded = (path: string) => catalog.deliveries.countAt(driver.name, path) > 0
    if (catalog.state.get(ofStrays, driver.name) !== 'none') {
      for await (const stray of driver.strays(isRecorded)) await take(stray, driver, session)
      await recorder.flush()
    }
    catalog.state.set(ofStrays, driver.name, undefined)
  }
}

/** At the end of a run: all that exporters wrote is recorded, and the next run need not look. */
export function noteNoStrays({ catalog, drivers, plan, tally }: Session): void {
  if (plan.dryRun) return
  for (const { keeps, name } of drivers)
    if (keeps === 'elsewhere' && tally.counts.get(name)?.failed === 0) catalog.state.set(ofStrays, name, 'none')
}

/** No exporter is called so. */
const ofStrays = 'engine:strays'

async function take(stray: Stray, driver: Driver, { catalog, recorder, now }: Session): Promise<void> {
  const { album, image, component, serial, facts, delivery, verifiedAt } = stray
  const before = catalog.deliveries.get(driver.name, { album, image, component })
  try {
    const stays = before !== undefined && before.serial >= serial && (await isThere(before, driver))
    if (stays) return await driver.remove(delivery)
    const row: DeliveryRow = {
      exporter: driver.name,
      album,
      image,
      component,
      serial,
      facts,
      // It may stand elsewhere than it should, without what lies beside it.
      described: '',
      pending: false,
      delivery,
      deliveredAt: now(),
      verifiedAt,
    }
    await recorder.add(row)
    await recorder.flush()
    catalog.complete.clear(album)
    if (before?.delivery !== undefined) await driver.remove(before.delivery as Delivery)
  } catch (error) {
    // Somebody changed the other one: it is theirs.
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
  }
}
