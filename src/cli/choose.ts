import { printable } from '../app/text/printable.ts'
import { SmugdlError } from '../error.ts'
import type { Io } from './io.ts'
import { ask } from './prompt.ts'

/**
 * Shows albums as a numbered list and asks which are wanted; returns the path of each that was chosen, which as a
 * pattern means that album alone (`albumFilter`).
 * Throws `usage` if there is no terminal to answer from, `cancelled` when the input ends.
 */
export async function chooseAlbums(paths: readonly string[], io: Io): Promise<string[]> {
  const digits = String(paths.length).length
  const show = (some: readonly (readonly [place: number, path: string])[]) => {
    for (const [place, path] of some) io.stderr.write(`${String(place + 1).padStart(digits + 2)}  ${printable(path)}\n`)
  }
  let listed: readonly (readonly [place: number, path: string])[] = [...paths.entries()]
  show(listed)
  // Nothing is in progress yet, so Ctrl-C may end the process in the system's default way.
  const { signal } = new AbortController()
  for (;;) {
    const all = listed.length === paths.length ? 'all' : 'all of these'
    const answer = await ask(`Which ones? (1,3-5 or ${all}; letters narrow the list) `, io, { signal })
    if (answer === undefined) throw new SmugdlError('cancelled', { what: 'No album was chosen' })
    if (/^\s*all( of these)?\s*$/i.test(answer)) return listed.map(([, path]) => path)
    const numbers = numbersIn(answer, paths.length)
    const named = typeof numbers === 'string' ? withText(answer, paths) : []
    if (named.length > 0) {
      listed = named
      show(listed)
      continue
    }
    if (typeof numbers !== 'string') return numbers.map((number) => paths[number - 1] ?? '')
    io.stderr.write(`${numbers}\n`)
  }
}

/** The albums whose path contains these letters, to narrow a long list. */
function withText(text: string, paths: readonly string[]): (readonly [place: number, path: string])[] {
  const letters = text.trim().toLowerCase()
  if (!/\p{Letter}/u.test(letters)) return []
  return [...paths.entries()].filter(([, path]) => path.toLowerCase().includes(letters))
}

/** Throws `usage` if there is no interactive terminal. */
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
