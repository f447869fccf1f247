import { SmugdlError } from '../../error.ts'
import { addressOf, type Send } from './http.ts'
import { isSafe } from './origin.ts'

/** Follows redirects by hand, at most five, so that the layers within sign each hop anew or not at all. */
export function redirected<Body>(send: Send<Body>): Send<Body> {
  return async (request) => {
    let url = request.url
    for (let hop = 0; hop <= MOST_HOPS; hop++) {
      const response = await send({ ...request, url })
      const location = response.headers.get('location')
      if (!REDIRECTS.has(response.status) || location === null) return response
      await response.discard()
      const target = URL.parse(location, url)
      if (target === null || !isSafe(target)) throw refusedRedirect(url, 'it leads to an address that is not safe')
      url = target.href
    }
    throw refusedRedirect(request.url, `it goes on after ${MOST_HOPS} redirects`)
  }
}

const MOST_HOPS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

function refusedRedirect(url: string, why: string): SmugdlError {
  return new SmugdlError('item', { what: `A redirect cannot be followed: ${why}`, item: addressOf(url), retry: 'yes' })
}
