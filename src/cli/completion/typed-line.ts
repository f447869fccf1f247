import { pathTyped } from '../../app/first-run.ts'
import type { Io } from '../io.ts'

/** What a command line that is being typed says of the albums to offer; its words are as they stand there, the last one up to the cursor. */
export function typedLine(words: readonly string[], io: Io): { output: string | undefined; begun: string } {
  const before = words.slice(0, -1).filter((word) => word !== '=')
  const output = before.map((word, at) => outputIn(word, before[at + 1])).findLast((path) => path !== undefined)
  return { output: output === undefined ? undefined : pathTyped(output, io), begun: asRead(words.at(-1) ?? '') }
}

function outputIn(word: string, next: string | undefined): string | undefined {
  if (word === '-o' || word === '--output') return next
  return /^(?:--output=|-o)(.+)$/s.exec(word)?.[1]
}

/** As a shell would read it; the last quote may not be closed yet. */
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
