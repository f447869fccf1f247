import type { Catalog } from '../catalog/catalog.ts'
import type { Exporter } from '../exporter/types.ts'
import type { SmugMug } from '../smugmug/connect.ts'
import type { RunEvent } from './events.ts'

/** What a run works with; whoever starts it makes and closes these. */
export interface RunParts {
  smugmug: SmugMug
  catalog: Catalog
  /** Those that `RunPlan.exporters` names. */
  exporters: readonly Exporter[]
  now(): number
  /** Aborted first: start nothing new, finish what is in flight. */
  winding: AbortSignal
  /** Aborted last: stop at once. */
  signal: AbortSignal
  emit(event: RunEvent): void
}
