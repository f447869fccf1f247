import type { ListingRow } from '../../catalog/listings.ts'
import type { Image } from '../../exporter/types.ts'
import { isFileProof } from '../files/proof.ts'
import type { AlbumRun } from './album-state.ts'
import { decide, type ToDeliver } from './decide.ts'
import { tooManyEdited } from './edited-files.ts'
import { followMove } from './follow-move.ts'
import { unlessFound } from './found-by-exporter.ts'
import { keep } from './keep-or-relocate.ts'
import type { Session } from './session.ts'
import { settleDeliveryFailed } from './settle.ts'

/** Those whose bytes are wanted although the user moved, or changed, what came home before. */
export async function withoutSpared(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly ToDeliver[],
  session: Session,
): Promise<ToDeliver[]> {
  return withoutEdited(run, row, image, await withoutMoved(run, row, image, asked, session), session)
}

/** Those whose files are not at home. What the user moved is where it is from now on; what replaces it goes there. What an exporter has elsewhere, though nobody knew, stays. */
async function withoutMoved(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly ToDeliver[],
  session: Session,
): Promise<ToDeliver[]> {
  const wanting: ToDeliver[] = []
  for (const decision of asked) {
    const { driver, before } = decision
    const there = before && (await followMove(before, driver, run, session))
    const settled =
      there === undefined
        ? await unlessFound(decision, run, row, image, session)
        : await decide(run, row, image, driver, session, there)
    if (settled.kind === 'deliver') wanting.push(settled)
    else await keep(run, row, image, settled, session)
  }
  return wanting
}

/** Those whose files the user did not change, and those whose originals are wanted all the same (`EditedFiles`). */
async function withoutEdited(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly ToDeliver[],
  session: Session,
): Promise<ToDeliver[]> {
  const { edited, recorder, tally } = session
  const wanting: ToDeliver[] = []
  for (const decision of asked) {
    const { driver, target, before } = decision
    if (!decision.isEdited || !isFileProof(before?.delivery)) {
      wanting.push(decision)
      continue
    }
    const wish = await edited.wish()
    if (wish === 'ask') await settleDeliveryFailed(run, image, driver, tooManyEdited(), session)
    else if (wish === 'keep') {
      const kept = { ...before, delivery: { ...before.delivery, edited: true as const } }
      await recorder.add(kept)
      await keep(run, row, image, { kind: 'unchanged', driver, target, before: kept }, session)
    } else {
      wanting.push(decision)
      tally.edited.restored += 1
    }
  }
  return wanting
}
