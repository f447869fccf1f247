import type { ReceivedHeaders } from './http.ts'

/** Milliseconds to wait; 0 if no wait is requested. `Retry-After`: seconds or HTTP-date (RFC 9110 §10.2.3), anything else counts as absent. */
export function pauseAsked(headers: ReceivedHeaders, nowMs: number): number {
  const asked = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(asked)) return Number(asked) * 1000
  const until = asked === '' ? Number.NaN : Date.parse(asked)
  return Number.isNaN(until) ? 0 : Math.max(0, until - serverNow(headers, nowMs))
}

export interface RateWindow {
  /** Requests left in this window. */
  remaining: number
  /** When it ends, by this machine's clock. */
  resetAtMs: number
}

/** The window that `X-RateLimit-Remaining` and `X-RateLimit-Reset` (epoch seconds) describe, [D rate-limits.html]; nothing without both. */
export function rateWindowOf(headers: ReceivedHeaders, nowMs: number): RateWindow | undefined {
  const remaining = Number.parseInt(headers.get('x-ratelimit-remaining') ?? '', 10)
  const resetSeconds = Number.parseInt(headers.get('x-ratelimit-reset') ?? '', 10)
  if (Number.isNaN(remaining) || Number.isNaN(resetSeconds)) return undefined
  return { remaining, resetAtMs: nowMs + resetSeconds * 1000 - serverNow(headers, nowMs) }
}

/** Times of the server are compared with the server's own clock if it reports it, because ours may be wrong. */
function serverNow(headers: ReceivedHeaders, nowMs: number): number {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? nowMs : date
}
