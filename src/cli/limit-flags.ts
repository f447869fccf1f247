import type { RunPlan } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import type { Flags } from './command.ts'
import { timeSpan } from './time-span.ts'

/** Limits for a run's bandwidth and time. */
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

/** Their values for the plan. Throws `usage` for an invalid rate or time. */
export function limitPlan({ limitRate, maxDuration }: Values): Pick<RunPlan, 'limitRate' | 'maxDurationMs'> {
  return {
    ...(limitRate !== undefined && { limitRate: rateOf(limitRate) }),
    // With a longer delay Node's timers fire at once.
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
