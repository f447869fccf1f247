import type { KeyedQueue } from '../../async/keyed-queue.ts'
import type { Semaphore } from '../../async/semaphore.ts'
import type { RawFiles } from '../account/raw-files.ts'
import type { Driver } from '../exporters/driver.ts'
import type { InstalledExporter } from '../exporters/installed.ts'
import type { Destination } from '../files/destination.ts'
import type { Space } from '../files/free-space.ts'
import type { Recorder } from '../files/recorder.ts'
import type { StagedFile } from '../files/staged-file.ts'
import type { Staging } from '../files/staging.ts'
import type { StagingRefs } from '../files/staging-refs.ts'
import type { Downloads } from './downloads.ts'
import type { EditedFiles } from './edited-files.ts'
import type { ListedSmallCopies } from './listed-small-copies.ts'
import type { MovedFiles } from './moved-files.ts'
import type { RunPlan } from './plan.ts'
import type { RunParts } from './run-parts.ts'
import type { StagedAhead } from './staged-ahead.ts'
import type { Tally } from './tally.ts'

/** The state that the parts of one run share. */
export interface Session extends Omit<RunParts, 'exporters' | 'exporterNamed'> {
  readonly plan: RunPlan
  /** Number of the run. */
  readonly run: number
  /** Albums to list again although they announce no change. */
  readonly relist: ReadonlySet<string>
  readonly raw: RawFiles
  readonly drivers: readonly Driver[]
  /** Names of the exporters that want bytes. */
  readonly withBytes: readonly string[]
  /** The exporters of this run. */
  readonly installed: readonly InstalledExporter[]
  /** Folders of the output that plugins have ever claimed. */
  readonly claimed: readonly string[]
  readonly staging: Staging
  readonly destination: Destination
  readonly recorder: Recorder
  readonly moved: MovedFiles
  readonly edited: EditedFiles
  readonly tally: Tally
  readonly space: Space
  /** Number of images between planned and recorded: more than downloads, so that the network does not wait for the disk. */
  readonly slots: Semaphore
  readonly downloads: Downloads
  /** Bytes arrived: reports them, and waits where the rate is limited. */
  readonly arrived: (bytes: number) => Promise<void>
  /** Keeps the same bytes from being fetched twice at once. */
  readonly sameBytes: KeyedQueue
  /** Takes an error that ends the run, and stops everything that is under way. */
  halt(error: unknown): void
  /** Small copies of the albums in progress, for exporters that want them. */
  readonly smallCopies: ListedSmallCopies
  /** Files that exporters have in hand, by path. */
  readonly staged: Map<string, StagedFile>
  readonly kept: StagingRefs
  readonly ahead: StagedAhead
  /** Who holds bytes at home, by the exporter's name (`byteSources`). */
  holder(exporter: string): Promise<Driver | undefined>
}
