import type { Catalog } from '../../catalog/catalog.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { Album, Network } from '../../exporter/types.ts'
import type { Whose } from '../../smugmug/api/user.ts'
import type { SmugMug } from '../../smugmug/connect.ts'
import type { RunEvent } from '../events.ts'
import type { InstalledExporter } from '../exporters/installed.ts'
import type { StagedFile } from '../files/staged-file.ts'

/** What a run works with; the caller makes and closes these. */
export interface RunParts {
  smugmug: SmugMug
  /** The token's own account if absent. */
  whose?: Whose
  catalog: Catalog
  /** Those that `RunPlan.exporters` names. */
  exporters: readonly InstalledExporter[]
  /** Those of earlier runs, so that what they hold need not be fetched; without it they are not asked. */
  exporterNamed?(name: string): Promise<InstalledExporter | undefined>
  /** How exporters of ours reach the network; Node's own way if absent. */
  reach?: Network
  now(): number
  /** Aborted first: start nothing new, finish what is in flight. */
  draining: AbortSignal
  /** Aborted last: stop at once. */
  signal: AbortSignal
  /** Aborted if it is neither the user nor the system that ends the run, but the time that it was given. */
  timeUp?: AbortSignal
  emit(event: RunEvent): void
  /** With it nothing is downloaded: what is neither here nor at home is left for another run. */
  onHand?: OnHand
}

/** Bytes that are there already, somewhere else than at home. */
export interface OnHand {
  /** Once, when it is certain whose account the output holds; what takes long is done here. */
  prepare(): Promise<void>
  /** The name that an image of an album has at home, though the catalog that knew it was lost. */
  nameOf?(row: ListingRow, album: Album): string | undefined
  /** The bytes of an image, verified; undefined when they are not here. `stagingPath` is free for a copy. */
  obtain(row: ListingRow, stagingPath: string): Promise<StagedFile | undefined>
}
