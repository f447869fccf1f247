import type { FileFacts } from '../../exporter/types.ts'
import { remove } from './quick-disk-calls.ts'
import type { StagedFile } from './staged-file.ts'

/** What is needed to let go of a staged file. */
export type StagedName = Pick<StagedFile, 'path' | 'content' | 'external' | 'isBrought'>

/**
 * The staged files that are in use: by the image whose turn it is, and by deliveries that are not durable yet, perhaps of other images
 * with the same bytes. Each goes from staging when the last lets go of it; what is never let go of stays for the next run. What is borrowed
 * stays with its owner, unless it was to be moved and has come home.
 */
export class StagingRefs {
  readonly #files = new Map<string, { facts: FileFacts; users: number; isBrought: boolean }>()

  /** The facts of the file at `path`, which has one more user from now on; undefined when nobody uses it. */
  join(path: string): FileFacts | undefined {
    const kept = this.#files.get(path)
    if (kept === undefined) return undefined
    kept.users += 1
    return kept.facts
  }

  has(path: string): boolean {
    return this.#files.has(path)
  }

  keep({ path, facts }: StagedFile): void {
    if (this.join(path) === undefined) this.#files.set(path, { facts, users: 1, isBrought: false })
  }

  /** Whether it is in staging and has one user only. */
  isOnlyOne({ path, external }: StagedFile): boolean {
    return external === undefined && this.#files.get(path)?.users === 1
  }

  /** An external file that came home must be recorded before. */
  async release({ path, external, isBrought }: Omit<StagedName, 'content'>): Promise<void> {
    const kept = this.#files.get(path)
    if (kept === undefined) return
    kept.users -= 1
    kept.isBrought ||= isBrought
    if (kept.users > 0) return
    this.#files.delete(path)
    if (external === undefined || (external === 'move' && kept.isBrought)) await remove(path)
  }
}
