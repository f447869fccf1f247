import { opendir } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { KeyedQueue } from '../../async/keyed-queue.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { isSystemError } from '../../disk-error.ts'
import { hashOf } from '../files/hash.ts'
import { type FileProof, inspectFile, isFileProof } from '../files/proof.ts'
import type { Recorder } from '../files/recorder.ts'
import { isSameFile, statOf } from '../files/same-file.ts'
import { isOurs } from '../verify/inventory.ts'

interface Parts {
  plan: { output: string; exporters: readonly string[] }
  catalog: Catalog
  recorder: Recorder
  draining: AbortSignal
}

type MissingFile = Pick<DeliveryRow, 'exporter' | 'album'> & { delivery: FileProof }

/**
 * Finds files that the user moved or renamed within home, and names that a disk spells differently: by size, then by every byte. Home is searched
 * once, when something is missing for the first time. A file in its recorded place is never taken for another.
 */
export class MovedFiles {
  readonly #parts: Parts
  readonly #turns = new KeyedQueue()
  /** Paths of files that are unknown, or differ from what is recorded there, by size. */
  #foreign: Promise<ReadonlyMap<number, readonly string[]>> | undefined
  readonly #hashes = new Map<string, string | undefined>()
  /** The paths of `#foreign` by folder; made when copies must be distinguished. */
  #foreignIn: ReadonlyMap<string, readonly string[]> | undefined
  /** How much a folder resembles the album's earlier one, by album and folder. */
  readonly #likeness = new Map<string, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Finds where the file of a delivery is now; `record` records it there before anybody else can take it. Of several copies, it chooses the one
   * in the folder with most of its album's other pictures and least else: albums that share pictures may both have been moved.
   */
  async find(
    { exporter, album, delivery: missing }: MissingFile,
    record: (found: FileProof) => Promise<void>,
  ): Promise<FileProof | undefined> {
    return this.#turns.run(missing.sha256, async () => {
      const { plan, recorder } = this.#parts
      await recorder.flush()
      this.#foreign ??= this.#lookThrough()
      const foreign = await this.#foreign
      const candidates = foreign.get(missing.size) ?? []
      const likeness = (path: string) =>
        candidates.length < 2 ? 0 : this.#likenessOf(posix.dirname(path), album, exporter, foreign)
      for (const path of inOrder(candidates, missing.path, likeness)) {
        const there = await statOf(join(plan.output, path))
        if (!there?.isFile() || there.size !== missing.size || this.#isTaken(path, missing.sha256)) continue
        if ((await this.#hashAt(path)) !== missing.sha256) continue
        const found = placed(missing, path, there.mtimeMs)
        await record(found)
        return found
      }
      return undefined
    })
  }

  #likenessOf(
    folder: string,
    album: string,
    exporter: string,
    foreign: ReadonlyMap<number, readonly string[]>,
  ): number {
    const key = `${exporter}\n${album}\n${folder}`
    const known = this.#likeness.get(key)
    if (known !== undefined) return known
    this.#foreignIn ??= Map.groupBy([...foreign.values()].flat(), posix.dirname)
    const there = new Set(this.#foreignIn.get(folder))
    let common = 0
    for (const { delivery } of this.#parts.catalog.deliveries.inAlbum(album, exporter)) {
      if (!isFileProof(delivery)) continue
      if (there.has(posix.join(folder, basename(delivery.movedFrom ?? delivery.path)))) common += 1
    }
    const likeness = 2 * common - there.size
    this.#likeness.set(key, likeness)
    return likeness
  }

  get #exporters(): string[] {
    const { catalog, plan } = this.#parts
    return [...new Set([...plan.exporters, ...catalog.deliveries.exporters()])]
  }

  #isKnown(path: string): boolean {
    return isOurs(path, this.#exporters, this.#parts.catalog)
  }

  /** The recorded pictures at a path; empty if the path is not a picture's own file. */
  #recordedAt(path: string): FileProof[] {
    const { catalog } = this.#parts
    const rows = this.#exporters.flatMap((name) => catalog.deliveries.allAtPath(name, path))
    const proofs = rows.map(({ delivery }) => delivery).filter(isFileProof)
    return proofs.length === rows.length ? proofs : []
  }

  /** Whether the bytes at a path are known to belong there. The user may have put them where other bytes are recorded. */
  #isTaken(path: string, sha256: string): boolean {
    if (!this.#isKnown(path)) return false
    const recorded = this.#recordedAt(path)
    return recorded.length === 0 || recorded.some((proof) => proof.sha256 === sha256)
  }

  /** Whether a quick look finds the recorded file at a path. */
  async #isInPlace(path: string): Promise<boolean> {
    if (!this.#isKnown(path)) return false
    const recorded = this.#recordedAt(path)
    const looks = recorded.map((proof) => inspectFile(this.#parts.plan.output, proof, 'quick'))
    return recorded.length === 0 || (await Promise.all(looks)).includes('ok')
  }

  async #hashAt(path: string): Promise<string | undefined> {
    if (!this.#hashes.has(path)) {
      const hash = await hashOf(join(this.#parts.plan.output, path)).catch((error) => {
        if (isSystemError(error)) return undefined
        throw error
      })
      this.#hashes.set(path, hash)
    }
    return this.#hashes.get(path)
  }

  async #lookThrough(): Promise<ReadonlyMap<number, readonly string[]>> {
    const { plan, draining } = this.#parts
    const found = new Map<number, string[]>()
    const visit = async (folder: string): Promise<void> => {
      try {
        for await (const entry of await opendir(join(plan.output, folder))) {
          if (draining.aborted) return
          const path = folder === '' ? entry.name : `${folder}/${entry.name}`
          if (path === '.smugdl' || entry.isSymbolicLink()) continue
          if (entry.isDirectory()) await visit(path)
          else if (!(await this.#isInPlace(path)) && !(await this.#isRespelled(path))) await note(path)
        }
      } catch (error) {
        // A folder that cannot be opened has no files to take.
        if (!isSystemError(error)) throw error
      }
    }
    const note = async (path: string) => {
      const there = await statOf(join(plan.output, path))
      if (!there?.isFile()) return
      const others = found.get(there.size)
      if (others === undefined) found.set(there.size, [path])
      else others.push(path)
    }
    await visit('')
    return found
  }

  /** A file system that decomposes names returns ours in another form than it was given. */
  async #isRespelled(path: string): Promise<boolean> {
    const composed = path.normalize('NFC')
    if (composed === path || !this.#isKnown(composed)) return false
    const { output } = this.#parts.plan
    return isSameFile(join(output, path), join(output, composed))
  }
}

/** First the same name in another spelling, then the same name elsewhere, then others; within each, the likelier folder first. */
function inOrder(candidates: readonly string[], path: string, likeness: (path: string) => number): string[] {
  const rank = (candidate: string) => {
    if (isSpelledAlike(candidate, path)) return 0
    return isSpelledAlike(basename(candidate), basename(path)) ? 1 : 2
  }
  return candidates.toSorted((a, b) => rank(a) - rank(b) || likeness(b) - likeness(a))
}

export function isSpelledAlike(path: string, other: string): boolean {
  return path.normalize('NFC') === other.normalize('NFC')
}

/** Adds the place that the exporter had given it, unless it is there again or only spelled differently. */
function placed({ movedFrom, ...missing }: FileProof, path: string, modifiedMs: number): FileProof {
  const from = movedFrom ?? missing.path
  return { ...missing, path, modifiedMs, ...(!isSpelledAlike(path, from) && { movedFrom: from }) }
}
