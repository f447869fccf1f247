import type { SmugdlError } from '../../error.ts'
import type { Counts } from '../../exporter/types.ts'

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
