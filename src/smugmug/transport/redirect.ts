import { type RetryAdvice, SmugdlError } from '../../error.ts'
import { addressOf, type Send } from './http.ts'
import { isOpen } from './origin.ts'

/**
 * Follows at most five redirects itself, so that the inner layers sign each hop again or not at all. A redirect into a private network is not
 * followed, except to our `own` origins.
 */
export function withRedirects<Body>(send: Send<Body>, own: readonly string[]): Send<Body> {
  return async (request) => {
    let url = request.url
    for (let hop = 0; hop <= MOST_HOPS; hop++) {
      const response = await send({ ...request, url })
      const location = response.headers.get('location')
      if (!REDIRECTS.has(response.status) || location === null) return response
      await response.discard()
      const target = URL.parse(location, url)
      if (target === null || !isOpen(target, own))
        throw refusedRedirect(url, 'it leads to an address that is not safe', 'no')
      url = target.href
    }
    throw refusedRedirect(request.url, `it goes on after ${MOST_HOPS} redirects`, 'yes')
  }
}

const MOST_HOPS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

function refusedRedirect(url: string, why: string, retry: RetryAdvice): SmugdlError {
  return new SmugdlError('item', { what: `A redirect cannot be followed: ${why}`, item: addressOf(url), retry })
}
