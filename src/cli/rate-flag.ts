import { SmugdlError } from '../error.ts'
import type { Flags } from './command.ts'

export const rateFlag = {
  limitRate: {
    type: 'text',
    hint: 'RATE',
    help: 'Limit all downloads together to this number of bytes a second: 500k, 10M',
  },
} as const satisfies Flags

const units = { '': 1, k: 1e3, m: 1e6, g: 1e9 } as const
const leastRate = 10_000

/** Bytes a second, for the plan. Throws `usage` for what is no rate. */
export function ratePlan({ limitRate }: { limitRate: string | undefined }): { limitRate?: number } {
  if (limitRate === undefined) return {}
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)([kmg]?)$/i.exec(limitRate) ?? []
  const rate = Number(digits) * units[(unit ?? '').toLowerCase() as keyof typeof units]
  if (rate >= leastRate) return { limitRate: rate }
  throw new SmugdlError('usage', {
    what: '--limit-rate takes bytes a second, 10k at least',
    item: limitRate,
    next: 'For instance --limit-rate 500k, or --limit-rate 10M',
  })
}
