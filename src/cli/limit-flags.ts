import type { RunPlan } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import type { Flags } from './command.ts'
import { timeSpan } from './time-span.ts'

/** How much of the family's bandwidth and of the night a run may take. */
export const limitFlags = {
  limitRate: {
    type: 'text',
    hint: 'RATE',
    help: 'Limit all downloads together to this number of bytes per second: 500k, 10M',
  },
  maxDuration: {
    type: 'text',
    hint: 'TIME',
    help: 'Stop on purpose after this time (90m, 4h): exit 6, and the next run continues',
  },
} as const satisfies Flags

const units = { '': 1, k: 1e3, m: 1e6, g: 1e9 } as const
const leastRate = 10_000

interface Values {
  limitRate: string | undefined
  maxDuration: string | undefined
}

/** What they say, for the plan. Throws `usage` for what is no rate and no time. */
export function limitPlan({ limitRate, maxDuration }: Values): Pick<RunPlan, 'limitRate' | 'maxDurationMs'> {
  return {
    ...(limitRate !== undefined && { limitRate: rateOf(limitRate) }),
    // More than that and Node's timers fire at once.
    ...(maxDuration !== undefined && { maxDurationMs: timeSpan('--max-duration', maxDuration, 24) }),
  }
}

/** Bytes a second. */
function rateOf(limitRate: string): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)([kmg]?)$/i.exec(limitRate) ?? []
  const rate = Number(digits) * units[(unit ?? '').toLowerCase() as keyof typeof units]
  if (rate >= leastRate) return rate
  throw new SmugdlError('usage', {
    what: '--limit-rate takes bytes a second, 10k at least',
    item: limitRate,
    next: 'For instance --limit-rate 500k, or --limit-rate 10M',
  })
}
