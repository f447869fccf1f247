import { narrate } from '../../app/text/narrate.ts'
import type { RunEvent } from '../../engine/events.ts'

/** Number of failures that scroll by; the summary counts them all. */
const mostFailures = 20

/** The text shown for an event as it occurs on a terminal: news, and with `-v` details. Undefined for other events. */
export function liveNews(verbose: boolean): (event: RunEvent) => string | undefined {
  let failures = 0
  return (event) => {
    if (event.type === 'image.failed' && !verbose) {
      failures += 1
      if (failures > mostFailures) return failures === mostFailures + 1 ? '… more are counted below' : undefined
    }
    const sentence = narrate(event)
    return sentence !== undefined && (verbose || sentence.importance === 'news') ? sentence.text : undefined
  }
}
