import { Semaphore } from '../../async/semaphore.ts'
import { fileId } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { SmugdlError } from '../../error.ts'
import type { FileFacts } from '../../exporter/types.ts'
import { stagingIdOf } from '../files/staging.ts'

type Listed = Pick<ListingRow, 'album' | 'image' | 'component' | 'serial' | 'source'>

/** What was fetched while its album's list was still under way, and waits in staging for its turn (`fetchAhead`). */
export class StagedAhead {
  /** Limits how many are fetched ahead at once. */
  readonly turns: Semaphore
  /** Bytes that may still come to wait. */
  #room: number
  readonly #came = new Map<string, { album: string; facts: FileFacts; size: number }>()
  readonly #failed = new Map<string, SmugdlError>()

  /** `room`: bytes that may wait at once; 0 where nothing is fetched ahead. */
  constructor({ room, atOnce }: { room: number; atOnce: number }) {
    this.#room = room
    this.turns = new Semaphore(atOnce)
  }

  get hasRoom(): boolean {
    return this.#room > 0
  }

  /** Reserves room for this many bytes for the caller, if there is any. */
  reserve(bytes: number): boolean {
    if (bytes > this.#room) return false
    this.#room -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#room += bytes
  }

  has(row: Listed): boolean {
    return this.#came.has(stagingIdOf(row))
  }

  /** The bytes are in staging, verified; `size` of them were reserved. */
  put(row: Listed, size: number, facts: FileFacts): void {
    this.#came.set(stagingIdOf(row), { album: row.album, facts, size })
  }

  /** It need not fail a second time when its turn comes. */
  fail(row: Listed, error: SmugdlError): void {
    this.#failed.set(versionOf(row), error)
  }

  /** What is in staging of a picture; it is the caller's from here on. Undefined if nothing is. */
  take(row: Listed): FileFacts | undefined {
    return this.#claim(stagingIdOf(row))
  }

  failureOf(row: Listed): SmugdlError | undefined {
    return this.#failed.get(versionOf(row))
  }

  /** The staged files of an album that were never taken, by their ids: they are the caller's. What failed of it is forgotten. */
  remains(album: string): string[] {
    for (const version of this.#failed.keys()) if (version.startsWith(`${album}\n`)) this.#failed.delete(version)
    return [...this.#came].filter(([, came]) => came.album === album).map(([id]) => id)
  }

  /** Whether it was still there. */
  drop(id: string): boolean {
    return this.#claim(id) !== undefined
  }

  #claim(id: string): FileFacts | undefined {
    const came = this.#came.get(id)
    if (came === undefined) return undefined
    this.#came.delete(id)
    this.giveBack(came.size)
    return came.facts
  }
}

function versionOf(row: Listed): string {
  return [row.album, fileId(row), stagingIdOf(row)].join('\n')
}
