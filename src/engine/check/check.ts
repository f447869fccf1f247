import type { AlbumRow } from '../../catalog/albums.ts'
import { SmugdlError } from '../../error.ts'
import { accountOf, type Whose } from '../../smugmug/api/user.ts'
import type { SmugMug } from '../../smugmug/connect.ts'
import { version } from '../../version.ts'
import { bindAccount } from '../account/account-check.ts'
import { listAlbum, Short } from '../account/album-listing.ts'
import { RawFiles, rawModeOf } from '../account/raw-files.ts'
import { walk } from '../account/walk.ts'
import {
  type CheckEvent,
  type CheckPlan,
  type ComparisonParts,
  compareAccount,
  doubtsAbout,
  type Unseen,
} from './compare-account.ts'

export interface CheckParts extends ComparisonParts {
  smugmug: Pick<SmugMug, 'api'>
  /** If absent, the token's own account. */
  whose?: Whose
  detail(text: string): void
}

/**
 * Compares the account, listed fully and freshly, with home. Results of earlier runs are not trusted, and nothing is written.
 *
 * The listing goes into a copy of the catalog. In the catalog itself, images that were listed but not downloaded would look to the next run
 * like an unchanged album.
 *
 * Throws `destination` for another account's output or none, `cancelled` when it is stopped, and errors that end any use of SmugMug.
 */
export async function* check(plan: CheckPlan, parts: CheckParts): AsyncGenerator<CheckEvent> {
  const { scratch, smugmug, now } = parts
  if (scratch.account.get() === undefined) throw neverRun(plan.output)
  const user = await accountOf(smugmug.api, parts.whose)
  bindAccount(user, plan.output, scratch)
  const run = scratch.runs.begin(now(), version)
  const foldersBefore = scratch.folders.all()
  const walked = await walk(user, {
    api: smugmug.api,
    catalog: scratch,
    now: now(),
    reserved: [],
    full: true,
    relistAfterMs: 0,
    notice: parts.notice,
    detail: parts.detail,
  })

  const doubts = doubtsAbout(user, walked.doubts)
  const raw = new RawFiles(rawModeOf(scratch), { api: smugmug.api, catalog: scratch, now: now(), fresh: true })
  yield* compareAccount(
    user,
    { doubts, foldersBefore, unseen: (row) => list(row, run, doubts, raw, parts) },
    plan,
    parts,
  )
}

/** Lists an album into the scratch catalog; images not marked gone there afterwards are on SmugMug. */
async function list(
  row: AlbumRow,
  run: number,
  doubts: readonly string[],
  raw: RawFiles,
  { scratch, smugmug, now }: CheckParts,
): Promise<Unseen> {
  const { key } = row
  scratch.listings.markAlbumGone(key, now())
  const { accepted } = scratch
  if (row.goneAt !== undefined)
    return doubts.length === 0 ? {} : { unlisted: 'SmugMug did not name the album', waived: accepted.reason(key) }
  const listed = await listAlbum(row, { api: smugmug.api, catalog: scratch, run, raw, now: now() })
  if (!('incomplete' in listed)) return listed.short === 0 ? {} : { waived: accepted.shortReason(key, listed.short) }
  const { incomplete } = listed
  const listsNone = incomplete instanceof Short && incomplete.listed === 0
  return { unlisted: incomplete.what, waived: listsNone ? undefined : accepted.reason(key) }
}

function neverRun(output: string): SmugdlError {
  return new SmugdlError('destination', {
    what: `No run has been made in ${output}`,
    next: 'Name the output of your runs with --output, or run "smugdl" first',
  })
}
