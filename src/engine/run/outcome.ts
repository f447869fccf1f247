import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { SmugdlError } from '../../error.ts'
import type { Counts } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { isFileProof } from '../files/proof.ts'

/** `notOnHand`: the run was to download nothing. */
type SkipReason = 'excluded' | 'accepted' | 'notOnHand'

/** What became of one image for one exporter. `bytes` were handed to the exporter; 0 when it was only moved. */
export type Outcome =
  | { kind: 'new' | 'updated'; bytes: number }
  | { kind: 'unchanged' }
  | { kind: 'skipped'; reason: SkipReason }
  | { kind: 'failed'; error: SmugdlError }

export const nothing: Counts = { listed: 0, new: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 0 }

/** The sum line is a fold over outcomes, so it adds up by construction. `times` for many of one kind at once. */
export function counted(counts: Counts, outcome: Outcome, times = 1): Counts {
  const bytes = outcome.kind === 'new' || outcome.kind === 'updated' ? outcome.bytes : 0
  return {
    ...counts,
    listed: counts.listed + times,
    [outcome.kind]: counts[outcome.kind] + times,
    bytes: counts.bytes + bytes,
  }
}

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
