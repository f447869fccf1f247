import type { FileKey } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { describeImage } from '../account/describe.ts'
import { pictureFilter } from '../account/picture-filter.ts'
import type { NewRow } from '../account/raw-file-rows.ts'
import { remove } from '../files/quick-disk-calls.ts'
import { stagingIdOf } from '../files/staging.ts'
import type { AlbumRun } from './album-state.ts'
import { maxDownloads } from './downloads.ts'
import { localDuplicates } from './local-copy.ts'
import { leftOrDownloaded } from './obtain.ts'
import type { Session } from './session.ts'

/** Fetches pictures of one album while its list is still coming. */
export interface FetchAhead {
  /** These were listed, and more are to come. */
  listed(rows: readonly NewRow[]): void
  /** The list has ended: from now on each picture waits for its turn. */
  listEnded(): void
  /** All turns are over: unused files leave staging. If the run ends earlier, they stay for the next. */
  clear(): Promise<void>
  /** Resolves when nothing is under way any more. */
  settle(): Promise<void>
}

/** A picture's key, the name of its bytes in staging, and their number. */
interface Candidate {
  key: FileKey
  id: string
  size: number
}

/**
 * Fetches the bytes of pictures before their names are known. A name depends on the whole album, and SmugMug takes half a minute or more to list
 * thousands of pictures. The bytes wait in staging, where the picture's turn finds them as it finds what an interrupted run left. Only for
 * pictures with an MD5, and only if nothing of them can be at home.
 */
export function fetchAhead(run: AlbumRun, session: Session): FetchAhead {
  const { ahead } = session
  const queue: Candidate[] = []
  const workers = new Set<Promise<void>>()
  const isWanted = wantedOf(run, session)

  const work = async (): Promise<void> => {
    for (;;) {
      await ahead.turns.acquire()
      try {
        const next = queue.shift()
        if (next === undefined) return
        if (!(await fetchOne(next, run, session))) ahead.giveBack(next.size)
      } finally {
        ahead.turns.release()
      }
    }
  }
  const listEnded = () => {
    for (const { size } of queue.splice(0)) ahead.giveBack(size)
  }
  return {
    listed(rows) {
      if (!ahead.hasRoom) return
      for (const row of rows) {
        const { source, image, component } = row
        if (source.kind === 'none' || source.md5 === undefined || source.size === undefined) continue
        if (!isWanted(row) || !ahead.reserve(source.size)) continue
        queue.push({ key: { album: row.album, image, component }, id: stagingIdOf(row), size: source.size })
      }
      while (workers.size < Math.min(maxDownloads, queue.length)) {
        const worker = work().finally(() => workers.delete(worker))
        workers.add(worker)
      }
    },
    listEnded,
    async clear() {
      await Promise.all(workers)
      if (session.draining.aborted || session.signal.aborted) return
      for (const id of ahead.remains(run.album.key)) await drop(id, session)
    },
    async settle() {
      listEnded()
      await Promise.all(workers)
    },
  }
}

/** Whether the picture's turn would ask for its bytes, as far as can be seen in advance. */
function wantedOf({ album }: AlbumRun, { plan, raw }: Session): (row: NewRow) => boolean {
  const only = plan.only?.get(album.key) ?? 'all'
  const isChosen = pictureFilter(plan.pictures)
  return (row) =>
    (only === 'all' || only.has(row.image)) &&
    (row.component === '' || raw.mode !== 'never') &&
    (plan.pictures === undefined || isChosen(describeImage({ ...row, name: undefined, goneAt: undefined })))
}

/** Whether the bytes are in staging now. The picture's own turn will meet again any problem that is not the picture's failure. */
async function fetchOne({ key, id, size }: Candidate, run: AlbumRun, session: Session): Promise<boolean> {
  const { ahead, catalog, draining, sameBytes, signal } = session
  return sameBytes.run(id, async () => {
    if (draining.aborted || signal.aborted) return false
    // It may have been listed again as another version.
    const row = catalog.listings.get(key)
    if (row === undefined || stagingIdOf(row) !== id || ahead.has(row) || isAtHand(row, id, session)) return false
    try {
      ahead.put(row, size, await leftOrDownloaded(run, row, id, session))
      return true
    } catch (error) {
      if (error instanceof SmugdlError && error.kind === 'item') ahead.fail(row, error)
      return false
    }
  })
}

/** In an exporter's hands, or delivered by this run or an earlier one. */
function isAtHand(row: ListingRow, id: string, session: Session): boolean {
  const { catalog, kept, recorder, staging } = session
  return (
    kept.has(staging.path(id)) ||
    recorder.isPending(row) ||
    catalog.deliveries.ofImage(row).length > 0 ||
    localDuplicates(row, session).length > 0
  )
}

async function drop(id: string, { ahead, sameBytes, staging }: Session): Promise<void> {
  await sameBytes.run(id, async () => {
    if (ahead.drop(id)) await remove(staging.path(id))
  })
}
