import type { Readable } from 'node:stream'
import { type Dispatcher, request as exchange } from 'undici'
import type { OnEvent, Target } from './event.ts'
import { addressOf, type Send } from './http.ts'
import { networkError } from './network-error.ts'

export interface SendOptions {
  dispatcher: Dispatcher
  userAgent: string
  target: Target
  onEvent: OnEvent
}

/** The innermost layer: one exchange, redirects not followed. Network failures become `SmugdlError`s that know whether to try again. */
export function sender({ dispatcher, userAgent, target, onEvent }: SendOptions): Send<Readable> {
  return async ({ url, headers, signal }) => {
    try {
      const {
        statusCode,
        headers: received,
        body,
      } = await exchange(url, {
        dispatcher,
        signal,
        headers: { 'user-agent': userAgent, ...headers },
      })
      onEvent({ type: 'request', target, item: addressOf(url), status: statusCode })
      return {
        url,
        status: statusCode,
        headers: headersOf(received),
        body,
        discard: () => body.dump({ limit: 65_536 }),
      }
    } catch (cause) {
      throw networkError(cause, url, signal)
    }
  }
}

function headersOf(received: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(received)) {
    for (const each of [value ?? []].flat()) headers.append(name, each)
  }
  return headers
}
