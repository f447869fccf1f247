import type { OnEvent } from './event.ts'
import { type Clock, systemClock } from './transport/clock.ts'
import { defaultTimeouts, type Proxies, type Timeouts } from './transport/dispatcher.ts'
import { requireSafeOrigin } from './transport/origin.ts'
import { defaultRetryPolicy, type RetryPolicy } from './transport/retry.ts'

/** How SmugMug is reached, whatever the login. */
export interface ConnectionOptions {
  /** https, or http on loopback. */
  origin: string
  /** A host of pictures that is not public; credentials never go there. */
  photosOrigin?: string | undefined
  userAgent: string
  /** When aborted, everything in progress fails with kind `cancelled`. */
  signal: AbortSignal
  proxy?: Proxies | undefined
  /** PEM, trusted besides Node's own roots. */
  ca?: string | undefined
  clock?: Clock
  /** From 0 to 1, for the jitter of retries. */
  random?: () => number
  retry?: RetryPolicy
  timeouts?: Timeouts
  onEvent?: OnEvent | undefined
}

/** The options with their defaults and a checked origin. Throws `usage` for an unsafe one. */
export function settled(options: ConnectionOptions) {
  const { clock = systemClock, random = Math.random, retry = defaultRetryPolicy } = options
  const { timeouts = defaultTimeouts, onEvent = () => {} } = options
  const { photosOrigin, userAgent, signal, proxy, ca } = options
  const origin = requireSafeOrigin(options.origin)
  return {
    origin,
    /** Origins that may be within a private network; the first is the API's. */
    own: [origin, ...(photosOrigin === undefined ? [] : [requireSafeOrigin(photosOrigin, 'SMUGDL_PHOTOS_ORIGIN')])],
    userAgent,
    signal,
    proxy,
    ca,
    clock,
    random,
    retry,
    timeouts,
    onEvent,
  }
}
