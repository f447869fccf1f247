import { printable } from '../app/text/printable.ts'
import { SmugdlError } from '../error.ts'
import type { Io } from './io.ts'
import { ask } from './prompt.ts'

/**
 * Shows albums as a numbered list and asks which are wanted; returns the path of each that was chosen, which as a
 * pattern means that album alone (`albumFilter`).
 * Throws `usage` where nobody can answer, `cancelled` when the input ends.
 */
export async function chooseAlbums(paths: readonly string[], io: Io): Promise<string[]> {
  const digits = String(paths.length).length
  for (const [place, path] of paths.entries())
    io.stderr.write(`${String(place + 1).padStart(digits + 2)}  ${printable(path)}\n`)
  // Nothing is under way yet, so Ctrl-C may end the process as the system has it.
  const { signal } = new AbortController()
  for (;;) {
    const answer = await ask('Which ones? (1,3-5 or all) ', io, { signal })
    if (answer === undefined) throw new SmugdlError('cancelled', { what: 'No album was chosen' })
    const numbers = numbersIn(answer, paths.length)
    if (typeof numbers !== 'string') return numbers.map((number) => paths[number - 1] ?? '')
    io.stderr.write(`${numbers}\n`)
  }
}

/** Throws `usage` where nobody sits in front of the list. */
export function requireTerminal(io: Io): void {
  if (io.stdin.isTTY && io.stderr.isTTY) return
  throw new SmugdlError('usage', {
    what: '--choose asks on a terminal, and there is none',
    next: 'Name the albums with --album; `smugdl albums` lists them',
  })
}

/** `1,3-5` as numbers from 1 to `most`, in order, each once; else a sentence that says what is wrong. */
export function numbersIn(answer: string, most: number): number[] | string {
  const parts = answer.split(/[\s,]+/).filter((part) => part !== '')
  if (parts.length === 0) return 'Please enter numbers, as in 1,3-5'
  if (parts.length === 1 && parts[0]?.toLowerCase() === 'all')
    return Array.from({ length: most }, (_, place) => place + 1)
  const numbers = new Set<number>()
  for (const part of parts) {
    const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    if (from === undefined) return `${printable(part)} is neither a number nor a range`
    const [first, last] = [Number(from), Number(to)].sort((a, b) => a - b)
    if (first === undefined || last === undefined || first < 1 || last > most) return `Please choose from 1 to ${most}`
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return [...numbers].sort((a, b) => a - b)
}
