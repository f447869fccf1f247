import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Send } from './http.ts'
import { networkError } from './network-error.ts'

/** Reads each answer whole, as text, within `answerMs`; a cut or stalled body is a failure of the exchange like any other. */
export function buffered(send: Send<Readable>, answerMs: number): Send<string> {
  return async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(answerMs)])
    const response = await send({ ...request, signal, headers: { ...request.headers, 'accept-encoding': 'gzip' } })
    const zipped = response.headers.get('content-encoding') === 'gzip'
    try {
      const body = await textOf(response.body, zipped)
      return { ...response, body, discard: async () => {} }
    } catch (cause) {
      throw networkError(cause, request.url, signal)
    }
  }
}

async function textOf(body: Readable, zipped: boolean): Promise<string> {
  const chunks: Buffer[] = []
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) chunks.push(chunk)
  }
  await (zipped ? pipeline(body, createGunzip(), collect) : pipeline(body, collect))
  return Buffer.concat(chunks).toString('utf8')
}
