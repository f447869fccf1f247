import { SmugdlError } from '../../error.ts'
import { addressOf } from './http.ts'
import { isPrivateHost } from './private-address.ts'

/**
 * Returns the origin in its canonical form. Throws `usage`, naming the variable that it comes from, unless it is https, or http on loopback,
 * because credentials are sent to it.
 */
export function requireSafeOrigin(origin: string, variable = 'SMUGDL_API_ORIGIN'): string {
  const url = URL.parse(origin)
  if (url !== null && url.username === '' && (url.protocol === 'https:' || isLoopback(url))) return url.origin
  throw new SmugdlError('usage', {
    what: `${variable} must be an https address (http is taken on loopback only)`,
    item: url === null ? origin : url.origin,
    next: `Correct or unset ${variable}`,
  })
}

/** Whether credentials may be sent there: only to SmugMug itself over https, and to the configured origin. */
export function isTrusted(url: string, origin: string): boolean {
  const { protocol, hostname, origin: own } = new URL(url)
  return own === origin || (protocol === 'https:' && (hostname === 'smugmug.com' || hostname.endsWith('.smugmug.com')))
}

/**
 * Whether requests may be sent there: over https to any public host, and to our own origins. Otherwise an answer could make smugdl send
 * requests, for its author, within a network that is closed to them. A name is checked once more when it is resolved (`public-lookup.ts`).
 */
export function isOpen(url: URL, own: readonly string[]): boolean {
  return own.includes(url.origin) || (url.protocol === 'https:' && !isPrivateHost(url.hostname))
}

/**
 * The URL of bytes, from an address that the API gives, absolute or relative to its origin. Throws `item` if it is no address, or requests may
 * not be sent there.
 */
export function pictureAddress(address: string, own: readonly string[]): string {
  const url = URL.parse(address, own[0])
  if (url === null) throw new SmugdlError('item', { what: 'What SmugMug gives as its address is none', next: NEXT })
  if (isOpen(url, own)) return url.href
  const [what, item] = [
    'SmugMug gives an address that is not safe: not https, or within a private network',
    addressOf(url.href),
  ]
  throw new SmugdlError('item', { what, item, next: NEXT })
}

const NEXT = 'The next run asks for its address again'

function isLoopback({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname))
  )
}
