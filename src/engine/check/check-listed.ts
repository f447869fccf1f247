import type { AlbumRow } from '../../catalog/albums.ts'
import type { User } from '../../smugmug/api/user.ts'
import type { RunSummary } from '../events.ts'
import {
  type CheckEvent,
  type CheckPlan,
  type ComparisonParts,
  compareAccount,
  doubtsAbout,
  type Unseen,
} from './compare-account.ts'

/**
 * As `check`, based on the listing of the run with this summary, without new requests to SmugMug. Throws for a run that trusted albums or
 * listed only a part of them, because it does not know their contents.
 */
export async function* checkListed(
  user: User,
  { albums, failed, partial }: RunSummary,
  plan: CheckPlan,
  parts: ComparisonParts,
): AsyncGenerator<CheckEvent> {
  if (albums.trusted > 0 || partial) throw new Error('not every album was listed by this run')
  const ofTheWalk = failed.filter((failure) => isOfTheAccount(failure)).map(({ reason }) => reason)
  const doubts = doubtsAbout(user, ofTheWalk)
  const unseen = async (row: AlbumRow) => unseenByRun(row, doubts, parts)
  yield* compareAccount(user, { doubts, foldersBefore: [], unseen }, plan, parts)
}

function isOfTheAccount({ albumKey, imageKey, exporter }: RunSummary['failed'][number]): boolean {
  return albumKey === undefined && imageKey === undefined && exporter === undefined
}

/** Why an album was not seen completely, as the run recorded it in the catalog. */
function unseenByRun(
  { key, goneAt, short, listed }: AlbumRow,
  doubts: readonly string[],
  { scratch: { accepted, failures } }: ComparisonParts,
): Unseen {
  if (goneAt !== undefined) return doubts.length === 0 ? {} : { unlisted: 'SmugMug did not name the album' }
  const failure = failures.get({ album: key, image: '' }, '')
  if (failure !== undefined) return { unlisted: failure.reason }
  if (short > 0) return { waived: accepted.shortReason(key, short) ?? accepted.reason(key) }
  return listed === undefined ? { waived: accepted.reason(key) } : {}
}
