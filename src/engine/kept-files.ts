import { rm } from 'node:fs/promises'
import type { FileFacts } from '../exporter/types.ts'
import type { StagedFile } from './staged-file.ts'

/**
 * The staged files that are in use: by the image whose turn it is, and by deliveries that are not durable yet, perhaps of the same image
 * in another album. Each goes from staging when the last lets go of it; what is never let go of stays for the next run.
 */
export class KeptFiles {
  readonly #files = new Map<string, { facts: FileFacts; users: number }>()

  /** The facts of the file at `path`, which has one more user from now on; undefined when nobody uses it. */
  join(path: string): FileFacts | undefined {
    const kept = this.#files.get(path)
    if (kept === undefined) return undefined
    kept.users += 1
    return kept.facts
  }

  keep({ path, facts, borrowed }: StagedFile): void {
    // It is not in staging, and its owner keeps it.
    if (borrowed !== undefined) return
    if (this.join(path) === undefined) this.#files.set(path, { facts, users: 1 })
  }

  /** Whether there is one user only. */
  isOnlyOne({ path }: StagedFile): boolean {
    return this.#files.get(path)?.users === 1
  }

  async release({ path }: StagedFile): Promise<void> {
    const kept = this.#files.get(path)
    if (kept === undefined) return
    kept.users -= 1
    if (kept.users > 0) return
    this.#files.delete(path)
    await rm(path, { force: true })
  }
}
