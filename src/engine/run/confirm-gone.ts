import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { isInAlbum } from '../../smugmug/api/image.ts'
import type { Session } from './session.ts'
import { reportFailed } from './settle.ts'

/** An image that no list names any more, with its `folder/…/album/name` in display names. */
export interface Missed {
  listed: Pick<ListingRow, 'album' | 'image' | 'serial'>
  item: string
}

/** Asked for at once, between two looks at what is there. */
const slice = 50

/**
 * Which of the images that lists leave out are really gone: SmugMug is asked for each in its very place. That it is not there is believed
 * only while pictures that are there are found in the same way; else undefined, and nothing is certain. What SmugMug still has, or
 * does not answer for, is tallied as failed, and its album is listed again in the next run.
 */
export async function confirmGone(
  missed: Iterable<Missed>,
  session: Session,
): Promise<ReadonlySet<string> | undefined> {
  const gone = new Set<string>()
  const waiting: Missed[] = []
  const askForWaiting = async (): Promise<boolean> => {
    const looked = await Promise.all(
      waiting.splice(0).map(async (each) => ({ ...each, ...(await whyKept(each, session)) })),
    )
    if (!(await findsWhatIsThere(session))) return false
    for (const { listed, item, why } of looked) {
      if (why === undefined) gone.add(placeOf(listed))
      else keep(listed, item, why, session)
    }
    return true
  }
  for (const each of missed) {
    waiting.push(each)
    if (waiting.length === slice && !(await askForWaiting())) return undefined
  }
  return waiting.length === 0 || (await askForWaiting()) ? gone : undefined
}

export function placeOf({ album, image }: Pick<ListingRow, 'album' | 'image'>): string {
  return `${album}/${image}`
}

/** Why an image is not known to be gone; nothing when it is. */
async function whyKept({ listed }: Missed, { smugmug, draining }: Session): Promise<{ why?: string }> {
  if (draining.aborted) throw new SmugdlError('cancelled', { what: 'Interrupted' })
  try {
    const isThere = await isInAlbum(smugmug.api, listed)
    return isThere ? { why: 'SmugMug no longer lists it, but still has it: it stays' } : {}
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    return { why: `SmugMug no longer lists it, and does not say whether it is gone (${error.what}): it stays` }
  }
}

function keep({ album, image }: Missed['listed'], item: string, reason: string, session: Session): void {
  reportFailed({ item, albumKey: album, imageKey: image, reason, next: 'The next run lists its album again' }, session)
  session.catalog.albums.distrust(album)
}

/** Pictures may be deleted while this run goes on: one of a few is enough. */
const witnesses = 5

async function findsWhatIsThere({ catalog, smugmug }: Session): Promise<boolean> {
  let asked = 0
  for (const album of catalog.albums.keys()) {
    const [listed] = catalog.listings.inOrder(album).take(1)
    if (listed === undefined) continue
    try {
      if (await isInAlbum(smugmug.api, listed)) return true
    } catch (error) {
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    }
    asked += 1
    if (asked === witnesses) return false
  }
  return false
}
