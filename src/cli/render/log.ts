import { narrate } from '../../app/text/narrate.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

/** Everything in words, details and every failed item included, for a file that is read after something went wrong. */
export function logRenderer(log: (line: string) => void): Renderer {
  const summary = summaryAtEnd({ shown: true, itemsPerReason: Number.POSITIVE_INFINITY })
  return {
    on(event) {
      const sentence = narrate(event)
      if (sentence !== undefined) log(sentence.text)
      for (const line of summary(event) ?? []) if (line !== '') log(line)
    },
    end() {},
  }
}
