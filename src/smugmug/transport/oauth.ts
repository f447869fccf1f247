import { createHmac } from 'node:crypto'

export interface OAuthKeys {
  consumerKey: string
  consumerSecret: string
  token?: string | undefined
  tokenSecret?: string | undefined
}

export interface SignableRequest {
  method: string
  /** The address exactly as it will be sent, because the signature covers it (see `strictUrl`). */
  url: string
}

/** The protocol's parameters but for key, token and method: nonce, timestamp (seconds) and what a login step adds. */
export type OAuthParameters = Record<`oauth_${string}`, string>

/** The `Authorization` header of RFC 5849, signed with HMAC-SHA1 (§3.4.2). */
export function authorization(request: SignableRequest, keys: OAuthKeys, parameters: OAuthParameters): string {
  const pairs = protocolPairs(keys, parameters)
  const key = `${encode(keys.consumerSecret)}&${encode(keys.tokenSecret ?? '')}`
  const signature = createHmac('sha1', key).update(baseStringOf(request, pairs)).digest('base64')
  return `OAuth ${[...pairs, ['oauth_signature', encode(signature)]].map(([name, value]) => `${name}="${value}"`).join(', ')}`
}

/** The signature base string, §3.4.1. */
export function baseString(request: SignableRequest, keys: OAuthKeys, parameters: OAuthParameters): string {
  return baseStringOf(request, protocolPairs(keys, parameters))
}

/** A parameter, encoded. */
type Pair = readonly [name: string, value: string]

/** Parameters are sorted by name, then by value (§3.4.1.3.2). */
function baseStringOf({ method, url }: SignableRequest, protocol: readonly Pair[]): string {
  const { origin, pathname, search, searchParams } = new URL(url)
  const query = search === '' ? [] : [...searchParams].map(encodedPair)
  const sorted = [...protocol, ...query].sort(
    ([name, value], [otherName, other]) => compare(name, otherName) || compare(value, other),
  )
  const parameters = sorted.map((pair) => pair.join('=')).join('&')
  return `${method}&${encode(origin + pathname)}&${encode(parameters)}`
}

/** The same address with its query encoded by RFC 3986, as OAuth wants it: `%20` for a space, and `!'()*` escaped too. */
export function strictUrl(url: string): string {
  const { origin, pathname, search, searchParams } = new URL(url)
  if (search === '') return origin + pathname
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return query === '' ? origin + pathname : `${origin}${pathname}?${query}`
}

function protocolPairs({ consumerKey, token }: OAuthKeys, parameters: OAuthParameters): Pair[] {
  const all = {
    oauth_consumer_key: consumerKey,
    oauth_signature_method: 'HMAC-SHA1',
    ...(token !== undefined && { oauth_token: token }),
    ...parameters,
  }
  return Object.entries(all).map(encodedPair)
}

function encodedPair([name, value]: readonly [name: string, value: string]): Pair {
  return [encode(name), encode(value)]
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** RFC 3986, as §3.6 wants it. */
function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
