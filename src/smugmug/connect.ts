import { SmugdlError } from '../error.ts'
import { userUri, type Whose } from './api/user.ts'
import type { Api, Expected } from './api.ts'
import { type ConnectionOptions, settled } from './connection.ts'
import type { OnEvent } from './event.ts'
import { withBuffer } from './transport/buffer.ts'
import { openDispatcher } from './transport/dispatcher.ts'
import { GiveUp } from './transport/give-up.ts'
import { type Media, openMedia, withAccepted, withUnsignedRetry } from './transport/media.ts'
import type { OAuthKeys } from './transport/oauth.ts'
import { firstPace, Pacing } from './transport/pace.ts'
import { type ApiRequest, withParsedAnswer } from './transport/parse-answer.ts'
import { Pacer, withRateLimit } from './transport/rate-limit.ts'
import { withRedirects } from './transport/redirect.ts'
import { withRetries } from './transport/retry.ts'
import { sender } from './transport/send.ts'
import { serverClock } from './transport/server-clock.ts'
import { openSigner, withSignature } from './transport/sign.ts'

export interface Credentials {
  apiKey: string
  apiSecret: string
  accessToken: string
  accessTokenSecret: string
}

/** A key without a token: only public data is visible, and nothing is signed. */
type KeyOnly = Pick<Credentials, 'apiKey'>

export interface ConnectOptions extends ConnectionOptions {
  credentials: Credentials | KeyOnly
  /** The account used to test whether SmugMug answers at all. The default is the token's own; a key alone has none. */
  whose?: Whose
  /** Maximum number of parallel requests to each photo host; unlimited by default. */
  connections?: number | undefined
}

export interface SmugMug extends AsyncDisposable {
  /** Number of requests so far, including retries and refused ones. */
  /** `picturesRefused`: requests for pictures that got no answer, or 429 or 5xx. */
  readonly counts: Readonly<{ apiRequests: number; retries: number; picturesRefused: number }>
  api: Api
  media: Media
}

/** A client for one SmugMug account. Nothing is sent yet. Disposing closes its connections. Throws `usage` for an unsafe origin. */
export function connect(options: ConnectOptions): SmugMug {
  const { connections } = options
  const { origin, own, userAgent, signal, proxy, ca, clock, random, retry, timeouts, ...endpoints } = settled(options)
  const { counts, onEvent } = counted(endpoints.onEvent)
  const onPictureRefused = () => {
    counts.picturesRefused += 1
  }
  const { credentials, whose = { me: true } } = options
  const isSigned = 'accessToken' in credentials
  const signer = isSigned ? openSigner({ keys: oauthKeys(credentials), origin, clock, onEvent }) : undefined
  const key = isSigned ? {} : { APIKey: credentials.apiKey }

  // Retry is outside of pacing and signing: every attempt takes its turn and has a nonce of its own.
  // Two sets of connections: long downloads must not keep the listing waiting where both come from one host.
  const apiDispatcher = openDispatcher({ timeouts, proxy, ca, own, maxResponseBytes: MOST_API_BYTES })
  const apiSend = withBuffer(sender({ dispatcher: apiDispatcher, userAgent, target: 'api', onEvent }), {
    answerMs: timeouts.answerMs,
    maxBytes: MOST_API_BYTES,
  })
  const apiPacer = new Pacer({ target: 'api', concurrency: firstPace.atOnce, clock, onEvent })
  const pacing = new Pacing((atOnce) => apiPacer.resize(atOnce))
  const apiPaced = withRateLimit(
    withRedirects(signer ? withSignature(apiSend, signer) : apiSend, own),
    () => apiPacer,
    () => pacing.heed({ kind: 'failed' }),
  )
  const timed = serverClock(apiPaced, clock)
  const attempt = pacing.of(withParsedAnswer(timed.send, clock))
  const ask = (path: string, query: Record<string, string>, expected: Expected): ApiRequest => ({
    url: apiUrl(origin, path, { ...query, ...key }),
    signal,
    expected,
  })
  /** Only a failure of the whole login or host ends a run; a request for something that every account has decides which it is. */
  const accountAnswers = () =>
    attempt(ask(userUri(whose), { _verbosity: '1' }, 'record')).then(
      () => true,
      () => {
        signal.throwIfAborted()
        return false
      },
    )
  const retrying = { policy: retry, accountAnswers, clock, random, onEvent }
  const apiPatience = new GiveUp(accountAnswers)
  const get = withRetries(attempt, { ...retrying, patienceOf: () => apiPatience })

  const mediaDispatcher = openDispatcher({ timeouts, proxy, ca, own, connections })
  const mediaSend = sender({ dispatcher: mediaDispatcher, userAgent, target: 'media', onEvent })
  const pacerOf = perHost(() => new Pacer({ target: 'media', concurrency: Number.POSITIVE_INFINITY, clock, onEvent }))
  const mediaPaced = withRateLimit(
    withUnsignedRetry(withRedirects(signer ? withSignature(mediaSend, signer) : mediaSend, own)),
    pacerOf,
    onPictureRefused,
  )
  const open = withRetries(withAccepted(mediaPaced, clock), {
    ...retrying,
    patienceOf: perHost(() => new GiveUp()),
    onEvent(event) {
      onPictureRefused()
      onEvent(event)
    },
  })

  return {
    counts,
    api: {
      origin,
      own,
      now: timed.now,
      get imagesAPage() {
        return pacing.imagesAPage
      },
      get: async (path, query = {}, expected = 'anything') => get(ask(path, query, expected)),
    },
    media: openMedia(open, { signal, own, clock }),
    async [Symbol.asyncDispose]() {
      await Promise.all([apiDispatcher.destroy(), mediaDispatcher.destroy()])
    },
  }
}

/** A page of 100 images is about 1 MB; several are in memory at once. */
const MOST_API_BYTES = 8 * 1024 * 1024

function counted(forward: OnEvent) {
  const counts = { apiRequests: 0, retries: 0, picturesRefused: 0 }
  const onEvent: OnEvent = (event) => {
    if (event.type === 'request' && event.target === 'api') counts.apiRequests += 1
    if (event.type === 'retry') counts.retries += 1
    forward(event)
  }
  return { counts, onEvent }
}

export function oauthKeys({ apiKey, apiSecret, accessToken, accessTokenSecret }: Credentials): OAuthKeys {
  return { consumerKey: apiKey, consumerSecret: apiSecret, token: accessToken, tokenSecret: accessTokenSecret }
}

/** Resolves a path against our origin, whatever host it names: credentials go nowhere else. Throws `item` if it is no address. */
function apiUrl(origin: string, path: string, query: Record<string, string>): string {
  const url = new URL(origin)
  const asked = URL.parse(path, origin)
  if (asked === null)
    throw new SmugdlError('item', {
      what: 'A link that SmugMug gives is no address',
      item: path.slice(0, 80),
      next: AGAIN,
    })
  Object.assign(url, { pathname: asked.pathname, search: asked.search })
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

const AGAIN = 'Run again later; nothing is lost'

function perHost<T>(make: () => T): (url: string) => T {
  const made = new Map<string, T>()
  return (url) => {
    const { host } = new URL(url)
    const known = made.get(host) ?? make()
    made.set(host, known)
    return known
  }
}
