import { type Credentials, oauthKeys } from './connect.ts'
import { type ConnectionOptions, settled } from './connection.ts'
import { withBuffer } from './transport/buffer.ts'
import { openDispatcher } from './transport/dispatcher.ts'
import { jsonOf } from './transport/json.ts'
import { pictureAddress } from './transport/origin.ts'
import { sender } from './transport/send.ts'
import { openSigner, withSignature } from './transport/sign.ts'

/** An unprocessed answer: no retry, no redirect followed, only the JSON parsed. */
export interface RawAnswer {
  status: number
  /** In lower case. */
  headers: readonly string[]
  header(name: string): string | null
  /** Undefined if the body is no JSON. */
  json: unknown
  /** From the request to the last byte. */
  ms: number
}

export interface RawApi extends AsyncDisposable {
  /** A path of the API, or the address of a picture. Throws `SmugdlError` if no answer comes. */
  ask(address: string, headers?: Record<string, string>): Promise<RawAnswer>
}

/** For looking at the service itself, one request at a time. */
export function openRaw(options: ConnectionOptions & { credentials: Credentials }): RawApi {
  const { origin, own, userAgent, signal, proxy, ca, clock, timeouts, onEvent } = settled(options)
  const signer = openSigner({ keys: oauthKeys(options.credentials), origin, clock, onEvent })
  const dispatcher = openDispatcher({ timeouts, proxy, ca, own, maxResponseBytes: MOST_BYTES })
  const limits = { answerMs: timeouts.answerMs, maxBytes: MOST_BYTES }
  const send = withSignature(withBuffer(sender({ dispatcher, userAgent, target: 'api', onEvent }), limits), signer)
  return {
    async ask(address, headers = { accept: 'application/json' }) {
      const begunAt = clock.now()
      const response = await send({ url: pictureAddress(address, own), signal, headers })
      return {
        status: response.status,
        headers: [...response.headers.keys()],
        header: response.headers.get,
        json: jsonOf(response),
        ms: clock.now() - begunAt,
      }
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

const MOST_BYTES = 16 * 1024 * 1024
