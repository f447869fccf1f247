import { SmugdlError } from '../../error.ts'
import { addressOf } from './http.ts'
import { isPrivateHost } from './private-address.ts'

/**
 * Returns the origin in its canonical form. Throws `usage`, naming the variable that it comes from, unless it is https, or http on loopback:
 * credentials travel to it.
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

/** May credentials be sent there? Only to SmugMug itself over https, and to the configured origin. */
export function isTrusted(url: string, origin: string): boolean {
  const { protocol, hostname, origin: own } = new URL(url)
  return own === origin || (protocol === 'https:' && (hostname === 'smugmug.com' || hostname.endsWith('.smugmug.com')))
}

/**
 * May anything be asked of it at all? Over https of every public host, and of our own origins. An answer that leads elsewhere would make us
 * ask, for whoever wrote it, within a network that is closed to them. A name is looked at once more when it is looked up (`public-lookup.ts`).
 */
export function isOpen(url: URL, own: readonly string[]): boolean {
  return own.includes(url.origin) || (url.protocol === 'https:' && !isPrivateHost(url.hostname))
}

/**
 * Where bytes are, from an address that the API gives: whole, or relative to its origin. Throws `item` where it is no address, or of a place
 * that nothing is asked of.
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
