import { createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it stood on the wire. */
export interface WireRequest {
  method: string
  /** `http://127.0.0.1:8080`, from the `Host` header. */
  origin: string
  /** The raw request target: path and query, not decoded. */
  target: string
  authorization: string | undefined
  /** The body, if it is `application/x-www-form-urlencoded`. */
  form: string | undefined
}

export interface Signature {
  /** The `oauth_` parameters, decoded, `realm` left out. */
  readonly oauth: ReadonlyMap<string, string>
  /** A parameter that came twice, or in two places (RFC 5849 §3.1, §3.5). */
  readonly repeated: string | undefined
  readonly baseString: string
}

/** Reads header, query and form body (RFC 5849 §3.5). Undefined if the request carries no `oauth_` parameter. */
export function readSignature(request: WireRequest): Signature | undefined {
  const [path = '', query = ''] = splitOnce(request.target, '?')
  const header = /^OAuth\s+/i.test(request.authorization ?? '') ? headerParameters(request.authorization ?? '') : []
  const parameters = [...header, ...formParameters(query), ...formParameters(request.form ?? '')]
  const oauth = new Map<string, string>()
  let repeated: string | undefined
  for (const [name, value] of parameters) {
    if (!name.startsWith('oauth_')) continue
    if (oauth.has(name)) repeated = name
    oauth.set(name, value)
  }
  return oauth.size === 0 ? undefined : { oauth, repeated, baseString: baseString(request, path, parameters) }
}

/** HMAC-SHA1 over the base string (RFC 5849 §3.4.2), compared in constant time. */
export function isSignedWith(signature: Signature, consumerSecret: string, tokenSecret: string): boolean {
  const key = `${escapeValue(consumerSecret)}&${escapeValue(tokenSecret)}`
  const expected = createHmac('sha1', key).update(signature.baseString).digest()
  const given = Buffer.from(signature.oauth.get('oauth_signature') ?? '', 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** RFC 5849 §3.6: everything but letters, digits, `-._~` becomes `%XX` of its UTF-8 bytes. */
export function escapeValue(text: string): string {
  let escaped = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte)
    escaped += /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return escaped
}

/** RFC 5849 §3.4.1. The path is taken as it was sent: a signature over the sent path is valid, escaped or not. */
function baseString(request: WireRequest, path: string, parameters: ReadonlyArray<readonly [string, string]>): string {
  const signed = parameters
    .filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
    .map(([name, value]) => [escapeValue(name), escapeValue(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
  const uri = `${normalOrigin(request.origin)}${path}`
  return [request.method.toUpperCase(), escapeValue(uri), escapeValue(signed.join('&'))].join('&')
}

/** Lower case, without the default port (RFC 5849 §3.4.1.2). */
function normalOrigin(origin: string): string {
  return origin.toLowerCase().replace(/^(http:\/\/.*):80$|^(https:\/\/.*):443$/, '$1$2')
}

function headerParameters(authorization: string): Array<[string, string]> {
  return authorization
    .replace(/^OAuth\s+/i, '')
    .split(',')
    .map((part) => splitOnce(part.trim(), '='))
    .filter(([name]) => name !== '' && name.toLowerCase() !== 'realm')
    .map(([name, value]) => [unescapeValue(name), unescapeValue(value.replace(/^"|"$/g, ''))])
}

function formParameters(encoded: string): Array<[string, string]> {
  return encoded
    .split('&')
    .filter((part) => part !== '')
    .map((part) => splitOnce(part.replaceAll('+', ' '), '='))
    .map(([name, value]) => [unescapeValue(name), unescapeValue(value)])
}

function unescapeValue(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
