import { SmugdlError } from '../../error.ts'

/** Returns the origin in its canonical form. Throws `usage` unless it is https, or http on loopback: credentials travel to it. */
export function requireSafeOrigin(origin: string): string {
  const url = URL.parse(origin)
  if (url !== null && url.username === '' && isSafe(url)) return url.origin
  throw new SmugdlError('usage', {
    what: 'The API origin must be an https address (http is taken on loopback only)',
    item: url === null ? origin : url.origin,
    next: 'Correct or unset SMUGDL_API_ORIGIN',
  })
}

/** May credentials be sent there? Only to SmugMug itself over https, and to the configured origin. */
export function isTrusted(url: string, origin: string): boolean {
  const { protocol, hostname, origin: own } = new URL(url)
  return own === origin || (protocol === 'https:' && (hostname === 'smugmug.com' || hostname.endsWith('.smugmug.com')))
}

/** May anything be asked of it at all? */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
