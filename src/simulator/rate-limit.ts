export interface RateLimit {
  requests: number
  windowSeconds: number
}

export interface Allowance {
  readonly allowed: boolean
  /** `X-RateLimit-Remaining`, `X-RateLimit-Reset` and, if it is not allowed, `Retry-After`. */
  readonly headers: Record<string, string>
}

/**
 * Windows as smugmug-api 7.4 describes them: opened by the first request, a new one by the first request after its end;
 * one per user and application (signed), one per application (unsigned).
 */
export function rateLimiter(limit: RateLimit, now: () => number): (signed: boolean) => Allowance {
  const windows = new Map<boolean, { endsAt: number; used: number }>()
  return (signed) => {
    let window = windows.get(signed)
    if (!window || now() >= window.endsAt) {
      window = { endsAt: now() + limit.windowSeconds * 1000, used: 0 }
      windows.set(signed, window)
    }
    const allowed = window.used < limit.requests
    if (allowed) window.used += 1
    const headers: Record<string, string> = {
      'X-RateLimit-Remaining': String(limit.requests - window.used),
      'X-RateLimit-Reset': String(Math.ceil(window.endsAt / 1000)),
    }
    if (!allowed) headers['Retry-After'] = String(Math.ceil((window.endsAt - now()) / 1000))
    return { allowed, headers }
  }
}
