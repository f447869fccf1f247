import type { RunEvent } from '../../engine/events.ts'
import type { Io } from '../io.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'
import { damageText } from './verdict.ts'

/**
 * Nothing at all when everything is safe, so that cron sends no mail. Else the summary with every item that is not safe since this run; what
 * earlier runs named is one line, and all that is said when there is nothing new.
 */
export function quietRenderer(io: Io): Renderer {
  const summary = summaryAtEnd({ shown: false, onlyNew: true })
  return {
    on(event) {
      const lines = summary(event)
      if (lines === undefined) return
      if (event.type === 'run.finished' && event.summary.failedInAll === 0) {
        const { damaged } = event.summary
        if (damaged !== undefined) io.stdout.write(`${damageText(damaged)}\n`)
        return
      }
      const shown = hasNews(event) ? lines : lines.filter((line) => line.startsWith('Still not safe'))
      io.stdout.write(`${shown.join('\n').trimStart()}\n`)
    },
    end() {},
  }
}

function hasNews(event: RunEvent): boolean {
  return !('summary' in event) || event.summary.failedInAll > (event.summary.failedAgain ?? 0)
}
