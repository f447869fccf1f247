import type { RunEvent } from '../engine/events.ts'
import type { ApiEvent } from '../smugmug/event.ts'
import { timeOfDay } from './text/quantities.ts'

/** What the API room says, as an event of the run. */
export function runEventOf(event: ApiEvent): RunEvent {
  switch (event.type) {
    case 'request':
      return { type: 'detail', text: `${event.status} ${event.item}` }
    case 'retry':
      return event
    case 'rateLimited': {
      if (event.target === 'api') return { type: 'rateLimited', until: event.untilMs }
      return {
        type: 'notice',
        text: `${event.host} asks for a pause: nothing is fetched there before ${timeOfDay(event.untilMs)}`,
      }
    }
    case 'rateLimit':
      return { type: 'rateLimit', remaining: event.remaining, resetAt: event.resetAtMs }
    case 'clockOff': {
      const seconds = Math.round(Math.abs(event.offsetMs) / 1000)
      const side = event.offsetMs > 0 ? 'behind' : 'ahead'
      return { type: 'notice', text: `This computer's clock is ${seconds} s ${side}; requests carry SmugMug's time` }
    }
  }
}

/** Why something waits: what is worth reporting of single requests. */
export type Wait = Extract<RunEvent, { type: 'notice' | 'retry' | 'rateLimited' }>

/** Reports why something waits; the single requests are of no interest. */
export function waitsTo({ events }: { events(wait: Wait): void }): (event: ApiEvent) => void {
  return (event) => {
    const said = runEventOf(event)
    if (said.type === 'notice' || said.type === 'retry' || said.type === 'rateLimited') events(said)
  }
}
