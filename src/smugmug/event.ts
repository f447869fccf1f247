/** All that the API room reports while it works. Addresses never carry a query, a token or a secret. */
export type ApiEvent =
  /** An answer arrived, of whatever status. */
  | { type: 'request'; target: Target; item: string; status: number }
  /** An attempt failed and is made again after `delayMs`; `attempt` counts from 1. */
  | { type: 'retry'; item: string; reason: string; attempt: number; delayMs: number }
  /** Requests to this host wait; for the API that means all of the run. */
  | { type: 'rateLimited'; target: Target; host: string; untilMs: number }
  /** What the API's window still allows (`X-RateLimit-Remaining`, `X-RateLimit-Reset`). */
  | { type: 'rateLimit'; remaining: number; resetAtMs: number }
  /** How far this machine's clock is off (positive: behind SmugMug's); requests are signed with SmugMug's time from now on. */
  | { type: 'clockOff'; offsetMs: number }

export type Target = 'api' | 'media'

export type OnEvent = (event: ApiEvent) => void
