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
  const key = `${encode(keys.consumerSecret)}&${encode(keys.tokenSecret ?? '')}`
  const oauth_signature = createHmac('sha1', key).update(baseString(request, keys, parameters)).digest('base64')
  const all = Object.entries({ ...withKeys(parameters, keys), oauth_signature })
  return `OAuth ${all.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(', ')}`
}

/** The signature base string, §3.4.1: parameters sorted by name, then by value, both encoded. */
export function baseString({ method, url }: SignableRequest, keys: OAuthKeys, parameters: OAuthParameters): string {
  const { origin, pathname, searchParams } = new URL(url)
  const all = [...searchParams, ...Object.entries(withKeys(parameters, keys))]
  const sorted = all
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, other]) => compare(name, otherName) || compare(value, other))
  return [method, origin + pathname, sorted.map((pair) => pair.join('=')).join('&')].map(encode).join('&')
}

/** The same address with its query encoded by RFC 3986, as OAuth wants it: `%20` for a space, and `!'()*` escaped too. */
export function strictUrl(url: string): string {
  const { origin, pathname, searchParams } = new URL(url)
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return query === '' ? origin + pathname : `${origin}${pathname}?${query}`
}

function withKeys(parameters: OAuthParameters, { consumerKey, token }: OAuthKeys): OAuthParameters {
  return {
    oauth_consumer_key: consumerKey,
    oauth_signature_method: 'HMAC-SHA1',
    ...(token !== undefined && { oauth_token: token }),
    ...parameters,
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** RFC 3986, as §3.6 wants it. */
function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
