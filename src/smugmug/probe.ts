import { type ConnectionOptions, settled } from './connection.ts'
import { withBuffer } from './transport/buffer.ts'
import { openDispatcher } from './transport/dispatcher.ts'
import { sender } from './transport/send.ts'

/** What the first answer shows. */
export interface Probed {
  status: number
  /** The server's clock, milliseconds since 1970, in whole seconds. */
  dateMs: number | undefined
}

/**
 * Sends one request without credentials to check whether SmugMug can be reached; a refusal is an answer too. Throws `unreachable`, or `item`
 * if the connection breaks.
 */
export async function probe(options: ConnectionOptions): Promise<Probed> {
  const { origin, own, userAgent, signal, proxy, ca, timeouts, onEvent } = settled(options)
  const dispatcher = openDispatcher({ timeouts, proxy, ca, own, maxResponseBytes: MOST_BYTES })
  const limits = { answerMs: timeouts.answerMs, maxBytes: MOST_BYTES }
  const send = withBuffer(sender({ dispatcher, userAgent, target: 'api', onEvent }), limits)
  try {
    const { status, headers } = await send({ url: `${origin}/api/v2!authuser`, signal })
    const dateMs = Date.parse(headers.get('date') ?? '')
    return { status, dateMs: Number.isNaN(dateMs) ? undefined : dateMs }
  } finally {
    await dispatcher.destroy()
  }
}

const MOST_BYTES = 1024 * 1024
