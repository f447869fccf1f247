import { randomUUID } from 'node:crypto'
import type { OnEvent } from '../event.ts'
import type { Clock } from './clock.ts'
import type { ReceivedHeaders, Send } from './http.ts'
import { authorization, type OAuthKeys, type OAuthParameters, strictUrl } from './oauth.ts'
import { isTrusted } from './origin.ts'

export interface Signer {
  sign(url: string): string
  /** Learns the server's time from a refusal, so that the next attempt passes even if this machine's clock is wrong. */
  learn(headers: ReceivedHeaders): void
  trusts(url: string): boolean
}

export interface SignerOptions {
  keys: OAuthKeys
  origin: string
  clock: Clock
  onEvent: OnEvent
  /** What a login step adds: `oauth_callback`, `oauth_verifier`. */
  extra?: OAuthParameters
}

/** Signs for one account, with a nonce and a timestamp of its own for every call. API and photo host share one. */
export function openSigner({ keys, origin, clock, onEvent, extra = {} }: SignerOptions): Signer {
  let offsetMs = 0
  return {
    trusts: (url) => isTrusted(url, origin),
    sign: (url) =>
      authorization({ method: 'GET', url }, keys, {
        oauth_nonce: randomUUID(),
        oauth_timestamp: String(Math.floor((clock.now() + offsetMs) / 1000)),
        oauth_version: '1.0',
        ...extra,
      }),
    learn(headers) {
      const theirs = Date.parse(headers.get('date') ?? '')
      const offset = theirs - clock.now()
      if (Number.isNaN(offset) || Math.abs(offset - offsetMs) < TOLERATED_MS) return
      offsetMs = offset
      onEvent({ type: 'clockOff', offsetMs })
    },
  }
}

/**
 * Signs every request to a trusted address, also repeated ones (RFC 5849 §3.3: a nonce is good for one request). Other
 * addresses, and those marked `unsigned`, pass without credentials and untouched.
 */
export function withSignature<Body>(send: Send<Body>, signer: Signer): Send<Body> {
  return async (request) => {
    if (request.unsigned || !signer.trusts(request.url)) return send(request)
    const url = strictUrl(request.url)
    const response = await send({ ...request, url, headers: { ...request.headers, authorization: signer.sign(url) } })
    if (response.status === 401) signer.learn(response.headers)
    return response
  }
}

/** Below this a difference is the network's; OAuth servers accept minutes. */
const TOLERATED_MS = 60_000
