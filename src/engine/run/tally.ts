import type { SmugdlError } from '../../error.ts'
import type { Counts } from '../../exporter/types.ts'
import type { FailedItem, RunEvent } from '../events.ts'
import { counted, nothing, type Outcome } from './outcome.ts'

/** This many failed items are kept for the summary; all are in the events, the log and the catalog. */
const keptFailures = 1000

/** This many notices are shown, each once; later ones are details, in the log and with `-v`. */
const keptNotices = 1000

/** Number of paths that a dry run shows. */
const shownPaths = 20

/** What a run has done so far: a fold over its outcomes, reported as they happen. */
export class Tally {
  readonly counts = new Map<string, Counts>()
  /** Of those, RAW files and other files kept with pictures. */
  readonly raw = new Map<string, Counts>()
  readonly failed: FailedItem[] = []
  failedInAll = 0
  failedAgain = 0
  failedFirstAt: number | undefined
  readonly #notices = new Set<string>()
  #moreNotices = 0
  readonly downloaded = { files: 0, bytes: 0 }
  recognised = 0
  readonly albums = { listed: 0, trusted: 0, excluded: 0 }
  /** Of a dry run. */
  readonly paths: string[] = []
  transcodes = 0
  renditions = 0
  /** By exporter. */
  readonly made = new Map<string, number>()
  readonly unkept = new Map<string, number>()
  /** Sidecars of pictures at home: ours, those of them written in this run, and those that users wrote or changed. */
  readonly sidecars = { atHome: 0, written: 0, yours: 0 }
  /** Sidecars that are no longer wanted and went to the trash. */
  discardedSidecars = 0
  /** Files that the user changed: those kept without their originals, and those that got originals beside them. */
  readonly edited = { kept: 0, restored: 0 }
  processing = 0
  accepted = 0
  /** Pictures that are not selected, of albums that are. */
  leftOut = 0
  /** Parts of the account that could not be listed completely. */
  unseen = 0
  oldestTrustAt: number | undefined
  readonly #emit: (event: RunEvent) => void
  readonly #onFailure: (failure: FailedItem) => void

  constructor(exporters: readonly string[], emit: (event: RunEvent) => void, onFailure: (failure: FailedItem) => void) {
    for (const name of exporters) this.counts.set(name, nothing)
    this.#emit = emit
    this.#onFailure = onFailure
  }

  /** `ofRaw`: the number of those that are files kept with pictures, not pictures. */
  add(exporter: string, outcome: Outcome, times = 1, ofRaw = 0): void {
    this.counts.set(exporter, counted(this.counts.get(exporter) ?? nothing, outcome, times))
    if (ofRaw > 0) this.raw.set(exporter, counted(this.raw.get(exporter) ?? nothing, outcome, ofRaw))
  }

  /** Pictures and videos, once per album, without the files kept with them. */
  get pictures(): number {
    const listed = [...this.counts].map(([name, counts]) => counts.listed - (this.raw.get(name)?.listed ?? 0))
    return Math.max(0, ...listed)
  }

  /** Adds what proves nothing: files that the exporter made from pictures, and pictures of which it keeps nothing. */
  addLesser(exporter: string, { made, unkept }: { made: number; unkept: number }): void {
    if (made > 0) this.made.set(exporter, (this.made.get(exporter) ?? 0) + made)
    if (unkept > 0) this.unkept.set(exporter, (this.unkept.get(exporter) ?? 0) + unkept)
  }

  addSidecars({ atHome = 0, written = 0, yours = 0, discarded = 0 }: SidecarCounts): void {
    this.sidecars.atHome += atHome
    this.sidecars.written += written
    this.sidecars.yours += yours
    this.discardedSidecars += discarded
  }

  /** Adds a failed item that the exporters' counts already include. An item is reported once, however many exporters lack it. */
  fail(failure: FailedItem): void {
    this.failedInAll += 1
    if (failure.again) this.failedAgain += 1
    if (failure.namedAt !== undefined)
      this.failedFirstAt = Math.min(this.failedFirstAt ?? failure.namedAt, failure.namedAt)
    if (this.failed.length < keptFailures) this.failed.push(failure)
    this.#onFailure(failure)
    this.#emit({ type: 'image.failed', ...failure })
  }

  /** A dry run: where a picture would go. */
  foresee(path: string | undefined): void {
    if (path !== undefined && this.paths.length < shownPaths) this.paths.push(path)
  }

  notice(text: string): void {
    if (this.#notices.has(text)) return
    if (this.#notices.size < keptNotices) {
      this.#notices.add(text)
      this.#emit({ type: 'notice', text })
      return
    }
    this.#moreNotices += 1
    this.#emit({ type: 'detail', text })
  }

  /** For the summary. */
  get notices(): string[] {
    if (this.#moreNotices === 0) return [...this.#notices]
    return [
      ...this.#notices,
      `There are more: ${this.#moreNotices} further notices are in the log (--log-level debug).`,
    ]
  }
}

interface SidecarCounts {
  atHome?: number
  written?: number
  yours?: number
  discarded?: number
}

/** What the summary says about an error. */
export function failedItem(item: string, error: SmugdlError): FailedItem {
  return { item, reason: error.what, ...(error.next !== undefined && { next: error.next }) }
}
