import { answered } from './answered.ts'
import type { Api } from './api.ts'
import { buffered } from './buffered.ts'
import { type Clock, systemClock } from './clock.ts'
import { defaultTimeouts, openDispatcher, type Proxies, type Timeouts } from './dispatcher.ts'
import type { ApiEvent, Target } from './event.ts'
import { accepted, type Media, openMedia, unsignedOnce } from './media.ts'
import { requireSafeOrigin } from './origin.ts'
import { Pacer, paced } from './paced.ts'
import { Patience } from './patience.ts'
import { redirected } from './redirected.ts'
import { defaultRetryPolicy, type RetryPolicy, retried } from './retried.ts'
import { sender } from './send.ts'
import { openSigner, signed } from './signed.ts'

export interface Credentials {
  apiKey: string
  apiSecret: string
  accessToken: string
  accessTokenSecret: string
}

export interface ConnectOptions {
  /** https, or http on loopback. */
  origin: string
  credentials: Credentials
  userAgent: string
  /** Aborted, everything under way fails with kind `cancelled`. */
  signal: AbortSignal
  proxy?: Proxies | undefined
  /** PEM, trusted besides Node's own roots. */
  ca?: string | undefined
  /** To the photo host; unlimited by default. */
  connections?: number | undefined
  /** API requests at once; 4 by default. */
  apiConcurrency?: number | undefined
  clock?: Clock
  random?: () => number
  retry?: RetryPolicy
  timeouts?: Timeouts
  onEvent?: ((event: ApiEvent) => void) | undefined
}

export interface SmugMug extends AsyncDisposable {
  api: Api
  media: Media
}

/** A SmugMug account, ready to be asked. Nothing is sent yet. Disposing closes its connections. Throws `usage` for an unsafe origin. */
export function connect(options: ConnectOptions): SmugMug {
  const { credentials, userAgent, signal, proxy, ca, connections, apiConcurrency = 4 } = options
  const { clock = systemClock, random = Math.random, retry: policy = defaultRetryPolicy } = options
  const { timeouts = defaultTimeouts, onEvent = () => {} } = options
  const origin = requireSafeOrigin(options.origin)
  const signer = openSigner({ keys: oauthKeys(credentials), origin, clock, onEvent })

  const layers = (target: Target, concurrency: number) => ({
    pacerOf: perHost((host) => new Pacer({ target, host, concurrency, clock, onEvent })),
    retrying: { policy, patienceOf: perHost(() => new Patience()), clock, random, onEvent },
  })

  // Two sets of connections: long downloads must not keep the listing waiting where both come from one host.
  const apiDispatcher = openDispatcher({ timeouts, proxy, ca, maxResponseBytes: MOST_API_BYTES })
  const apiLayers = layers('api', apiConcurrency)
  const apiSend = buffered(sender({ dispatcher: apiDispatcher, userAgent, target: 'api', onEvent }), timeouts.answerMs)
  const get = retried(
    answered(paced(redirected(signed(apiSend, signer)), apiLayers.pacerOf), clock),
    apiLayers.retrying,
  )

  const mediaDispatcher = openDispatcher({ timeouts, proxy, ca, connections })
  const mediaLayers = layers('media', Number.POSITIVE_INFINITY)
  const mediaSend = sender({ dispatcher: mediaDispatcher, userAgent, target: 'media', onEvent })
  const open = retried(
    accepted(paced(unsignedOnce(redirected(signed(mediaSend, signer))), mediaLayers.pacerOf), clock),
    mediaLayers.retrying,
  )

  return {
    api: { origin, get: (path, query = {}) => get({ url: apiUrl(origin, path, query), signal }) },
    media: openMedia(open, signal),
    async [Symbol.asyncDispose]() {
      await Promise.all([apiDispatcher.destroy(), mediaDispatcher.destroy()])
    },
  }
}

/** Far above any page that was seen; a body without end must not fill the memory. */
const MOST_API_BYTES = 64 * 1024 * 1024

function oauthKeys({ apiKey, apiSecret, accessToken, accessTokenSecret }: Credentials) {
  return { consumerKey: apiKey, consumerSecret: apiSecret, token: accessToken, tokenSecret: accessTokenSecret }
}

/** Whatever host a path names, it is asked of our origin: credentials go nowhere else. */
function apiUrl(origin: string, path: string, query: Record<string, string>): string {
  const url = new URL(origin)
  const { pathname, search } = new URL(path, origin)
  Object.assign(url, { pathname, search })
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

function perHost<T>(make: (host: string) => T): (url: string) => T {
  const made = new Map<string, T>()
  return (url) => {
    const { host } = new URL(url)
    const known = made.get(host) ?? make(host)
    made.set(host, known)
    return known
  }
}
