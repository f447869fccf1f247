import type { Io } from '../app/io.ts'
import { runEventOf } from '../app/run-event-of.ts'
import { narrate } from '../app/text/narrate.ts'
import type { ApiEvent } from '../smugmug/event.ts'

/**
 * Says why a command waits, before a next attempt or in a pause that SmugMug asks for: on stderr, unless progress that is drawn there takes
 * lines itself (`tell`).
 */
export function tellWaits(
  { stderr }: Io,
  tell: (line: string) => void = (line) => stderr.write(`${line}\n`),
): (event: ApiEvent) => void {
  return (event) => {
    if (event.type === 'request' || event.type === 'rateLimit') return
    const sentence = narrate(runEventOf(event))
    if (sentence !== undefined) tell(sentence.text)
  }
}
