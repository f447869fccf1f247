import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type Content, contentOf } from './content.ts'
import { drained } from './drained.ts'

/** The simulator's answer to one request, and its faults. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Content
  /** What `Content-Length` says, if not the truth. */
  declaredLength?: number
  delayMs?: number
  /** Sent no sooner than this settles. */
  heldUntil?: Promise<unknown>
  /** The connection breaks after this number of bytes of the body; before the headers if `afterBytes` is -1. */
  cut?: { afterBytes: number; how: 'end' | 'reset' | 'stall' }
}

export function jsonAnswer(status: number, value: unknown, pretty = false): Answer {
  return textAnswer(status, 'application/json; charset=utf-8', JSON.stringify(value, null, pretty ? 4 : undefined))
}

export function htmlAnswer(status: number, title: string, body: string): Answer {
  const page = `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>\n${body}\n</body></html>\n`
  return textAnswer(status, 'text/html; charset=utf-8', page)
}

export function textAnswer(status: number, mediaType: string, text: string): Answer {
  return { status, headers: { 'Content-Type': mediaType }, body: contentOf(text) }
}

export function redirectAnswer(status: number, location: string): Answer {
  return { status, headers: { Location: location }, body: contentOf('') }
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;')
}

/**
 * Puts an answer on the wire at the reader's speed and reports each piece as it goes. Resolves when all is handed over
 * or the other side is gone.
 */
export async function send(response: ServerResponse, answer: Answer, sent: (bytes: number) => void): Promise<void> {
  const { body, cut } = answer
  if (cut && cut.afterBytes < 0) return broken(response, cut.how)
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(answer.declaredLength ?? body.size) })
  if (cut) response.flushHeaders()
  for (const chunk of body.chunks(0, Math.min(cut?.afterBytes ?? body.size, body.size))) {
    if (response.destroyed) return
    sent(chunk.length)
    if (!response.write(chunk)) await drained(response)
  }
  if (cut) return broken(response, cut.how)
  response.end()
}

async function broken(response: ServerResponse, how: 'end' | 'reset' | 'stall'): Promise<void> {
  if (how === 'stall') {
    if (!response.destroyed) await once(response, 'close')
    return
  }
  // What was written before is to arrive: wait until the socket has passed it on.
  const { socket } = response
  if (!socket) return
  await new Promise<void>((resolve) => socket.write('', () => resolve()))
  if (how === 'end') socket.destroySoon()
  else socket.resetAndDestroy()
}
