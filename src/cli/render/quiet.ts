import type { Io } from '../io.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

/** Nothing at all when everything is safe, so that cron sends no mail; else the summary with every failed item. */
export function quietRenderer(io: Io): Renderer {
  const summary = summaryAtEnd({ shown: false })
  return {
    on(event) {
      const lines = summary(event)
      if (lines === undefined || (event.type === 'run.finished' && event.summary.failedInAll === 0)) return
      io.stdout.write(`${lines.join('\n').trimStart()}\n`)
    },
    end() {},
  }
}
