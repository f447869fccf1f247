import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { Driver } from '../exporters/driver.ts'
import { isFileProof } from '../files/proof.ts'
import type { Outcome } from './outcome.ts'

/** What became of an image that was delivered. The same bytes at another place were only moved. */
export function outcomeOf(
  now: DeliveryRow,
  before: DeliveryRow | undefined,
  driver: Driver,
): Exclude<Outcome, { kind: 'failed' }> {
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
