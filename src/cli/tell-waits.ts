import type { ApiEvent } from '../smugmug/event.ts'
import type { Io } from './io.ts'
import { narrate } from './render/narrate.ts'
import { runEventOf } from './run-event-of.ts'

/** For a command that shows no progress: says on stderr why it waits, before a next attempt or in a pause that SmugMug asks for. */
export function tellWaits({ stderr }: Io): (event: ApiEvent) => void {
  return (event) => {
    if (event.type === 'request' || event.type === 'rateLimit') return
    const sentence = narrate(runEventOf(event))
    if (sentence !== undefined) stderr.write(`${sentence.text}\n`)
  }
}
