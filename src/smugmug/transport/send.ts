import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { OnEvent, Target } from '../event.ts'
import { type Body, exchange } from './exchange.ts'
import { addressOf, type ReceivedHeaders, type Send } from './http.ts'
import { networkError } from './network-error.ts'

export interface SendOptions {
  dispatcher: Dispatcher
  userAgent: string
  target: Target
  onEvent: OnEvent
}

/** The innermost layer: one exchange, redirects not followed. Network failures become `SmugdlError`s that know whether to try again. */
export function sender({ dispatcher, userAgent, target, onEvent }: SendOptions): Send<Body> {
  return async ({ url, headers, signal }) => {
    const { origin, pathname, search } = new URL(url)
    let interim = 0
    try {
      const {
        status,
        headers: received,
        body,
      } = await exchange(dispatcher, {
        origin,
        path: `${pathname}${search}`,
        signal,
        headers: { 'user-agent': userAgent, ...headers },
        // Each restarts the wait for the headers of the answer itself.
        onInfo() {
          if (++interim > MOST_INTERIM) throw new Error(`more than ${MOST_INTERIM} answers of status 1xx`)
        },
      })
      onEvent({ type: 'request', target, item: addressOf(url), status })
      return { url, status, headers: headersOf(received), body, discard: () => body.discard() }
    } catch (cause) {
      throw networkError(cause, url, signal)
    }
  }
}

/** Maximum number of informational (1xx) answers before the final one; SmugMug is not known to send any. */
const MOST_INTERIM = 10

/** undici's names are in lower case. */
function headersOf(received: IncomingHttpHeaders): ReceivedHeaders {
  return {
    get(name) {
      const value = received[name.toLowerCase()]
      return value === undefined ? null : [value].flat().join(', ')
    },
    keys: () => Object.keys(received),
  }
}
