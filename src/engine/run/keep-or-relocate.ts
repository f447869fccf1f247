import { isDeepStrictEqual } from 'node:util'
import type { ListingRow } from '../../catalog/listings.ts'
import type { Image } from '../../exporter/types.ts'
import { hookOf } from '../exporters/current-hook.ts'
import { provenDelivery } from '../exporters/proven-delivery.ts'
import type { AlbumRun } from './album-state.ts'
import type { Decision } from './decide.ts'
import { awaitAlbumEnd } from './pending.ts'
import type { Session } from './session.ts'
import { countLesser, type Finished, settleDeliveryFailed, settleKept } from './settle.ts'
import { withSidecars } from './sidecars.ts'

/** What is at home stays, or moves within home. */
export async function keep(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  decision: Exclude<Decision, { kind: 'deliver' }>,
  session: Session,
): Promise<void> {
  const { recorder } = session
  const { album } = run
  const { driver, target, before } = decision
  let outcome: Finished['outcome'] = { kind: 'unchanged' }
  let { delivery } = before
  try {
    if (decision.kind === 'relocate' && session.plan.dryRun) {
      session.tally.foresee(target.path)
      outcome = { kind: 'updated', bytes: 0 }
    } else if (decision.kind === 'relocate') {
      const known = decision.before.delivery
      const isPending = await driver.files.during(hookOf(image, album), async () => {
        const { pending = false, ...there } = (await driver.relocate(known, image, album)) ?? known
        if (there.path !== known.path || pending) outcome = { kind: 'updated', bytes: 0 }
        delivery = pending || there.path === known.path ? there : await provenDelivery(driver, there, before.facts)
        const relocated = { ...before, serial: row.serial, delivery, described: target.described }
        if (pending) {
          countLesser(before.facts.kind, driver, session)
          const moved = { serial: row.serial, described: target.described, delivery: there }
          awaitAlbumEnd(run, relocated, outcome, { moved })
          return true
        }
        const brought = await withSidecars(run, image, relocated, { driver, before: known }, session)
        delivery = brought.delivery
        await recorder.add(brought)
        return false
      })
      if (isPending) return
    } else if (driver.hasSidecars) {
      await driver.files.during(hookOf(image, album), async () => {
        const brought = await withSidecars(run, image, before, { driver, before: delivery }, session)
        if (!isDeepStrictEqual(brought.delivery, delivery)) await recorder.add(brought)
        delivery = brought.delivery
      })
    }
    if (outcome.kind === 'unchanged' && delivery !== undefined) await driver.unchanged(image, delivery, album)
  } catch (error) {
    await settleDeliveryFailed(run, image, driver, error, session)
    return
  }
  settleKept(run, driver, { image, row: { ...before, delivery }, outcome, before: before.delivery }, session)
}
