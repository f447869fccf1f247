import { join } from 'node:path'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { clockIn } from '../files/exif.ts'
import { type KeptSidecar, keptSidecars } from '../files/kept-sidecars.ts'
import { isFileProof } from '../files/proof.ts'
import type { AlbumRun } from './album-state.ts'
import type { Session } from './session.ts'
import { reportFailed } from './settle.ts'

/**
 * A delivery with its sidecars as they should be, to be recorded; undefined where nothing about them is another than it was. `before` is what
 * was recorded of it, `clock` the camera's in its file, where that is known to have none or which. A sidecar that cannot be
 * written fails the run and not the picture, and the next run tries again.
 */
export async function withSidecars(
  { album, path }: AlbumRun,
  image: Image,
  row: DeliveryRow,
  { driver, before, clock }: { driver: Driver; before: Delivery | undefined; clock?: { in: string | undefined } },
  session: Session,
): Promise<DeliveryRow> {
  const { plan, recorder, tally } = session
  const { delivery } = row
  if (!driver.hasSidecars || plan.dryRun || !isFileProof(delivery)) return row
  const known = typeof before?.clock === 'string' ? before.clock : undefined
  const found = clock ? (clock.in ?? '') : (known ?? (await clockIn(join(driver.output, delivery.path))) ?? '')
  const old = keptSidecars(before)
  const described = { ...row, delivery: { ...delivery, clock: found, ...(old && { beside: old }) } }
  try {
    const wanted = await driver.sidecars(image, album, found || undefined)
    const { beside, written, discarded, taken } = await driver.files.sidecars.bring(described, wanted, old)
    const yours = beside.filter((sidecar) => sidecar.yours === true).length
    tally.addSidecars({ atHome: beside.length - yours, written, yours, discarded })
    for (const place of taken)
      tally.notice(`"${place}" was not written by smugdl, or was changed since: it stays, and is yours.`)
    // One file of several places of a picture has one sidecar: what proves it is another now for all of them.
    if (written > 0) for (const other of placesOf(row, driver)) await recorder.add(withBeside(other, beside))
    return withBeside(described, beside)
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    const item = `${path}/${image.name}`
    const failure = { item, albumKey: album.key, imageKey: image.key, exporter: driver.name }
    reportFailed({ ...failure, reason: `its sidecar: ${error.message}` }, session)
    const { beside: _, ...without } = described.delivery
    return { ...described, delivery: without }
  }
}

/** What the same file is delivered as in other albums, each as it was recorded last. */
function placesOf({ exporter, album, image, component, delivery }: DeliveryRow, { files }: Driver): DeliveryRow[] {
  const rows = files.paths.rowsAt(delivery?.path ?? '')
  const others = rows.filter((row) => row.exporter === exporter && row.image === image && row.component === component)
  return [...new Map(others.map((row) => [row.album, row])).values()].filter((row) => row.album !== album)
}

function withBeside(row: DeliveryRow, beside: readonly KeptSidecar[]): DeliveryRow {
  return { ...row, ...(row.delivery && { delivery: { ...row.delivery, beside } }) }
}
