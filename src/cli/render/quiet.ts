import type { Io } from '../io.ts'
import { summaryLines } from './summary.ts'
import type { Renderer } from './types.ts'

/** Nothing at all when everything is safe, so that cron sends no mail; else the summary with every failed item. */
export function quietRenderer(io: Io): Renderer {
  return {
    on(event) {
      if (event.type !== 'run.finished' || event.summary.failedInAll === 0) return
      io.stdout.write(`${summaryLines(event.summary).join('\n').trimStart()}\n`)
    },
    end() {},
  }
}
