import { narrate } from '../../app/text/narrate.ts'
import { summaryLines } from './summary.ts'
import type { Renderer } from './types.ts'

/** Everything in words, details and every failed item included, for a file that is read after something went wrong. */
export function logRenderer(log: (line: string) => void): Renderer {
  return {
    on(event) {
      const sentence = narrate(event)
      if (sentence !== undefined) log(sentence.text)
      if (event.type !== 'run.finished') return
      const lines = summaryLines(event.summary, { itemsPerReason: Number.POSITIVE_INFINITY })
      for (const line of lines) if (line !== '') log(line)
    },
    end() {},
  }
}
