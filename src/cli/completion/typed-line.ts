import { pathTyped } from '../../app/first-run.ts'
import type { Io } from '../io.ts'

/** Reads from a partly typed command line which albums to offer; the words are unparsed, the last one ends at the cursor. */
export function typedLine(words: readonly string[], io: Io): { output: string | undefined; begun: string } {
  const before = words.slice(0, -1).filter((word) => word !== '=')
  const output = before.map((word, at) => outputIn(word, before[at + 1])).findLast((path) => path !== undefined)
  return { output: output === undefined ? undefined : pathTyped(output, io), begun: asRead(words.at(-1) ?? '') }
}

function outputIn(word: string, next: string | undefined): string | undefined {
  if (word === '-o' || word === '--output') return next
  return /^(?:--output=|-o)(.+)$/s.exec(word)?.[1]
}

/** Unquotes a word as a shell would; the last quote may be unclosed. */
function asRead(word: string): string {
  let quote = ''
  let text = ''
  for (let at = 0; at < word.length; at++) {
    const character = word.charAt(at)
    if (character === '\\' && quote !== "'") text += word.charAt(++at)
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else text += character
  }
  return text
}
