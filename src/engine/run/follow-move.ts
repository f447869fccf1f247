import { dirname } from 'node:path'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { Driver } from '../exporters/driver.ts'
import { type FileProof, isFileProof } from '../files/proof.ts'
import type { AlbumRun } from './album-state.ts'
import { isThere } from './decide.ts'
import { isSpelledAlike } from './moved-files.ts'
import type { Session } from './session.ts'

/**
 * A delivery that is not where it was left, as it is recorded from now on: where the user moved it, by the bytes; undefined when it is in
 * its place, is nowhere in home, or is not an unchanged copy that smugdl itself put into the user's tree.
 */
export async function followMove(
  before: DeliveryRow,
  driver: Driver,
  run: AlbumRun,
  { moved, recorder, now }: Session,
): Promise<(DeliveryRow & { delivery: FileProof }) | undefined> {
  const { delivery, facts } = before
  if (before.pending || driver.installed.folder !== '') return undefined
  if (!isFileProof(delivery) || delivery.sha256 !== facts.sha256) return undefined
  if (await isThere(before, driver)) return undefined
  const rowOf = (found: FileProof) => ({ ...before, delivery: found, verifiedAt: now() })
  const found = await moved.find({ ...before, delivery }, (found) => recorder.add(rowOf(found)))
  if (found === undefined) return undefined
  const to = isSpelledAlike(found.path, delivery.path) ? 'respelled' : placeOf(found.path, delivery.path)
  run.moved.set(to, (run.moved.get(to) ?? 0) + 1)
  return rowOf(found)
}

function placeOf(path: string, before: string): string {
  const folder = dirname(path)
  return folder === dirname(before) ? 'renamed' : `in ${folderName(folder)}`
}

function folderName(folder: string): string {
  return folder === '.' ? 'the folder of all' : `${folder}/`
}

/** Says once an album what of it stands elsewhere now. */
export function reportMoved({ moved, beside, astray, path }: AlbumRun, { tally }: Pick<Session, 'tally'>): void {
  for (const [to, number] of moved) {
    const what = `${number} ${number === 1 ? 'picture' : 'pictures'} of ${path}`
    const verb = number === 1 ? 'stands' : 'stand'
    if (to === 'renamed') tally.notice(`${what} ${verb} under another name now: kept so.`)
    else if (to === 'respelled') tally.notice(`${what} ${verb} under the same name in another spelling now: kept so.`)
    else tally.notice(`${what} ${verb} ${to} now: kept there.`)
  }
  for (const [folder, number] of beside)
    tally.notice(`${newOf(path, number)} ${folderName(folder)}, where you moved the others.`)
  for (const [folder, number] of astray)
    tally.notice(
      `${newOf(path, number)} ${folderName(folder)}: the places of the others do not show where ${number === 1 ? 'it belongs' : 'they belong'}.`,
    )
}

function newOf(path: string, number: number): string {
  return `${number} new ${number === 1 ? 'picture' : 'pictures'} of ${path} ${number === 1 ? 'is' : 'are'} in`
}
