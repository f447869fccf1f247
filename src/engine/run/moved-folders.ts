import { dirname, join } from 'node:path'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { describeImage } from '../account/describe.ts'
import type { MovedFolders } from '../exporters/delivered-files.ts'
import type { Driver } from '../exporters/driver.ts'
import { type FileProof, isFileProof } from '../files/proof.ts'
import { statOf } from '../files/same-file.ts'
import type { AlbumRun } from './album-state.ts'
import { followMove } from './follow-move.ts'
import type { Session } from './session.ts'

type Delivered = DeliveryRow & { delivery: FileProof }

/**
 * Where pictures of the album belong that are new, or lost: in the folder to which the user moved all others that would stand beside them. Before
 * anything is delivered, as all that is at home must have been followed by then.
 */
export async function followFolders(run: AlbumRun, session: Session): Promise<void> {
  for (const driver of session.drivers) {
    const isMoved = await hasMoved(run, driver, session)
    if (isMoved) driver.files.folders.set(run.album.key, await movedFolders(run, driver, session))
  }
}

/** Whether the user ever moved a picture of the album, as far as one look into each of its folders shows. Pictures gone from there are followed. */
async function hasMoved(run: AlbumRun, driver: Driver, session: Session): Promise<boolean> {
  const isGone = new Map<string, boolean>()
  let isMoved = false
  for (const row of delivered(run, driver, session)) {
    isMoved ||= row.delivery.movedFrom !== undefined
    const folder = dirname(row.delivery.path)
    if (!isGone.has(folder)) isGone.set(folder, !(await isAt(row, driver)))
    if (isGone.get(folder) && (await followMove(row, driver, run, session)) !== undefined) isMoved = true
  }
  await session.recorder.flush()
  return isMoved
}

async function movedFolders(run: AlbumRun, driver: Driver, session: Session): Promise<MovedFolders> {
  const places = new Map<string, Set<string>>()
  for (const row of delivered(run, driver, session)) {
    const listed = session.catalog.listings.get(row)
    const wanted = listed && (await driver.pathOf(describeImage(listed), run.album))
    if (wanted === undefined || !(await isAt(row, driver))) continue
    const folder = dirname(wanted)
    places.set(folder, (places.get(folder) ?? new Set()).add(dirname(row.delivery.path)))
  }
  const to = new Map<string, string>()
  for (const [folder, [there = folder, ...others]] of places)
    if (there !== folder && others.length === 0) to.set(folder, there)
  return { to, isDeserted: ![...places].some(([folder, there]) => there.has(folder)) }
}

/** A new picture came home to an album of which the user moved others. */
export function noteBeside({ album, beside, astray }: AlbumRun, { delivery }: DeliveryRow, driver: Driver): void {
  const moved = driver.files.folders.get(album.key)
  if (moved === undefined || !isFileProof(delivery)) return
  const noted = delivery.movedFrom !== undefined ? beside : moved.isDeserted ? astray : undefined
  const folder = dirname(delivery.path)
  noted?.set(folder, (noted.get(folder) ?? 0) + 1)
}

function* delivered({ album }: AlbumRun, driver: Driver, { catalog }: Session): Generator<Delivered> {
  if (driver.installed.folder !== '' || !driver.hasPaths) return
  for (const row of catalog.deliveries.present(album.key, driver.name))
    if (isFileProof(row.delivery)) yield { ...row, delivery: row.delivery }
}

async function isAt({ delivery }: Delivered, { output }: Driver): Promise<boolean> {
  return (await statOf(join(output, delivery.path)))?.isFile() === true
}
