import { join } from 'node:path'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { clockIn } from '../files/exif.ts'
import { keptSidecars } from '../files/kept-sidecars.ts'
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
  const { plan, tally } = session
  const { delivery } = row
  if (!driver.hasSidecars || plan.dryRun || !isFileProof(delivery)) return row
  const known = typeof before?.clock === 'string' ? before.clock : undefined
  const found = clock ? (clock.in ?? '') : (known ?? (await clockIn(join(driver.output, delivery.path))) ?? '')
  const old = keptSidecars(before)
  const described = { ...row, delivery: { ...delivery, clock: found, ...(old && { beside: old }) } }
  try {
    const wanted = await driver.sidecars(image, album, found || undefined)
    const { beside, written, taken } = await driver.files.sidecars.bring(described, wanted, old)
    const yours = beside.filter((sidecar) => sidecar.yours === true).length
    tally.addSidecars({ atHome: beside.length - yours, written, yours })
    for (const place of taken)
      tally.notice(`"${place}" was not written by smugdl, or was changed since: it stays, and is yours.`)
    return { ...described, delivery: { ...described.delivery, beside } }
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    const item = `${path}/${image.name}`
    const failure = { item, albumKey: album.key, imageKey: image.key, exporter: driver.name }
    reportFailed({ ...failure, reason: `its sidecar: ${error.message}` }, session)
    const { beside: _, ...without } = described.delivery
    return { ...described, delivery: without }
  }
}
