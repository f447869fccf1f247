import type { Notice, Surroundings } from '../app/environment.ts'
import { narrate } from '../app/text/narrate.ts'
import type { RunEvent } from '../engine/events.ts'
import { collectEarly } from './collect-early.ts'
import type { Context } from './command.ts'
import { listenForInterrupt } from './interrupt.ts'

/** The surroundings of a use case in a terminal: Ctrl-C stops it, until this is disposed of. */
export function inTerminal<Event>(
  { io, secrets }: Context,
  events: (event: Event | Notice) => void,
): Surroundings<Event | Notice> & Disposable {
  const interrupt = listenForInterrupt((text) => events({ type: 'notice', text }))
  const { draining: signal, signal: halt } = interrupt
  return {
    environment: io,
    events(event) {
      // The first says that the work itself begins.
      collectEarly()
      events(event)
    },
    signal,
    halt,
    now: io.now,
    secrets,
    [Symbol.dispose]: () => interrupt[Symbol.dispose](),
  }
}

/** For use cases that only query: sentences go to standard error. */
export function asking(context: Context): Surroundings<RunEvent> & Disposable {
  return inTerminal<RunEvent>(context, (event) => {
    const sentence = narrate(event)
    if (sentence !== undefined) context.io.stderr.write(`${sentence.text}\n`)
  })
}
