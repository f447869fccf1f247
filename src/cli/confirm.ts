import { printable } from '../app/text/printable.ts'
import type { Io } from './io.ts'
import { ask } from './prompt.ts'

/** Asks a question that is answered with y; undefined where nobody sits at a terminal to answer. */
export function confirmIn(io: Io, signal: AbortSignal): ((question: string) => Promise<boolean>) | undefined {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return undefined
  return async (question) => {
    const answer = await ask(`${printable(question)} (y/N) `, io, { signal })
    return /^y(es)?$/i.test(answer?.trim() ?? '')
  }
}
