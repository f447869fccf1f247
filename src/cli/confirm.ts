import { printable } from '../app/text/printable.ts'
import type { Io } from './io.ts'
import { ask } from './prompt.ts'

/** Asks a yes/no question, answered with y; undefined if there is no terminal to answer from. */
export function confirmIn(io: Io, signal: AbortSignal): ((question: string) => Promise<boolean>) | undefined {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return undefined
  return async (question) => {
    const answer = await ask(`${printable(question)} (y/N) `, io, { signal })
    return /^y(es)?$/i.test(answer?.trim() ?? '')
  }
}
