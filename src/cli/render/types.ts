import type { RunEvent } from '../../engine/events.ts'

/** Shows a run while it goes on. `end` stops every timer and clears what was drawn; call it on every way out. Later events are ignored. */
export interface Renderer {
  on(event: RunEvent): void
  end(): void
}
