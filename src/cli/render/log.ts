import { narrate } from '../../app/text/narrate.ts'
import type { LogFile } from '../log-file.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

/** Everything in words, every failed item included, for a file that is read after something went wrong. Details are of the level `debug`. */
export function logRenderer(log: LogFile['write']): Renderer {
  const summary = summaryAtEnd({ shown: true, itemsPerReason: Number.POSITIVE_INFINITY })
  return {
    on(event) {
      const sentence = narrate(event)
      if (sentence?.importance === 'detail') log(sentence.text, 'debug')
      else if (sentence !== undefined) log(sentence.text, event.type === 'image.failed' ? 'warn' : 'info')
      for (const line of summary(event) ?? []) if (line !== '') log(line)
    },
    end() {},
  }
}
