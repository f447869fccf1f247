import { SmugdlError } from '../error.ts'

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of `90m`, `36h` or `7d`, as a flag has them. Throws `usage` for an invalid time, and for more than `mostDays`. */
export function timeSpan(flag: string, text: string, mostDays = Number.POSITIVE_INFINITY): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const ms = Number(digits) * units[unit as keyof typeof units]
  if (ms > 0 && ms <= mostDays * units.d) return ms
  const most = mostDays === Number.POSITIVE_INFINITY ? '' : `, ${mostDays} days at most`
  throw new SmugdlError('usage', {
    what: `${flag} takes a number of seconds, minutes, hours or days${most}`,
    item: text,
    next: `For instance ${flag} 90m, ${flag} 36h or ${flag} 7d`,
  })
}
