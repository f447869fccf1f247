import { createHash } from 'node:crypto'
import type { ExporterContext } from '../../src/exporter/index.ts'
import type { Objects, Sending } from './objects.ts'

const key = '.smugdl/probe'
const days = 30
const dayMs = 24 * 60 * 60 * 1000

/**
 * Whether this store supports `If-None-Match`, by which it writes only if nothing is there: some refuse the condition (B2, Swift), and some
 * ignore it and write. Tried with an object of ours before the first upload, and remembered for a month.
 */
export async function keepsConditions(
  objects: Pick<Objects, 'put' | 'remove'>,
  { log, state }: Pick<ExporterContext, 'log' | 'state'>,
): Promise<boolean> {
  const known = (await state.get('conditions')) as { keeps?: boolean; at?: number } | undefined
  if (known?.at !== undefined && Date.now() - known.at < days * dayMs) return known.keeps === true
  const about = { contentType: 'text/plain', metadata: {} }
  let answer = await objects.put(key, probe, about, 'new')
  const isMine = answer !== 'taken' && answer !== 'unconditional'
  if (isMine) answer = await objects.put(key, probe, about, 'new')
  const keeps = answer === 'taken'
  // If the key may not remove objects, it stays there, and the next probe is one request.
  if (isMine) await objects.remove(key).catch(() => {})
  await state.set('conditions', { keeps, at: Date.now() })
  if (!keeps)
    log.warn(
      'This store does not know If-None-Match: it cannot be told to write only where nothing is. What stands under a name is looked at right before each upload: let nobody else write there at the same time.',
    )
  return keeps
}

const text = Buffer.from('smugdl tries here whether the store overwrites what it must not.\n')
const probe: Sending = {
  size: text.length,
  md5: createHash('md5').update(text).digest('hex'),
  sha256: createHash('sha256').update(text).digest('hex'),
  open: async () => text,
}
