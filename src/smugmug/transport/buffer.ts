import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Body } from './exchange.ts'
import type { Send } from './http.ts'
import { networkError, tooLarge } from './network-error.ts'

export interface BufferOptions {
  /** For an answer as a whole. */
  answerMs: number
  /** Maximum bytes of a body after decompression: a few bytes of gzip can become thousands of times as many. */
  maxBytes: number
}

/** Reads each answer whole, as text; a cut or stalled body is a failure of the exchange like any other. */
export function withBuffer(send: Send<Body>, { answerMs, maxBytes }: BufferOptions): Send<string> {
  return async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(answerMs)])
    const response = await send({ ...request, signal, headers: { ...request.headers, 'accept-encoding': 'gzip' } })
    const zipped = response.headers.get('content-encoding') === 'gzip'
    try {
      const body = await textOf(response.body, zipped, maxBytes)
      return { ...response, body, discard: async () => {} }
    } catch (cause) {
      throw networkError(cause, request.url, signal)
    }
  }
}

async function textOf(body: Body, zipped: boolean, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxBytes) throw Object.assign(new Error('Too large'), { code: tooLarge })
    }
  }
  await (zipped ? pipeline(body, createGunzip(), collect) : collect(body))
  return Buffer.concat(chunks).toString('utf8')
}
