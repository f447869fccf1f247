import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import { imageDigest } from '../account/describe.ts'
import { standingOf } from '../exporters/delivery-worth.ts'
import type { Driver } from '../exporters/driver.ts'
import { isFileProof, isKeptEdited, proofOf } from '../files/proof.ts'
import { hasSameBytes } from '../files/same-bytes.ts'
import type { AlbumRun } from './album-state.ts'
import type { Session } from './session.ts'

/** What to do for one image and one exporter. `before` is the exporter's earlier delivery. */
export type Decision = { driver: Driver; target: Target } & (
  | { kind: 'unchanged'; before: DeliveryRow }
  | { kind: 'relocate'; before: DeliveryRow & { delivery: Delivery } }
  | { kind: 'deliver'; before: DeliveryRow | undefined; isEdited?: true }
)

export type ToDeliver = Decision & { kind: 'deliver' }

/** A digest of the image as an exporter gets it, and the path that the exporter wants, if it says so. */
interface Target {
  described: string
  path: string | undefined
}

/** What it would be now. */
export async function targetOf(driver: Driver, image: Image, { album, digests }: AlbumRun): Promise<Target> {
  const path = await driver.pathOf(image, album)
  return { described: imageDigest(image, digests.get(driver.name) ?? '', path), path }
}

/** Compares an exporter's delivery of an image with what SmugMug lists. `before` replaces the delivery that the catalog has. */
export async function decide(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  driver: Driver,
  session: Session,
  before = session.catalog.deliveries.get(driver.name, row),
): Promise<Decision> {
  const { recorder, now } = session
  const target = await targetOf(driver, image, run)
  const deliver = { kind: 'deliver', driver, target, before } as const
  if (before === undefined || before.pending || !hasSameBytes(before, row)) return deliver
  // It had nothing to show, so there is nothing to inspect or move.
  if (before.delivery === undefined)
    return driver.keeps === 'nothing' ? { ...deliver, kind: 'unchanged', before } : deliver
  let { delivery } = before
  const wasEdited = isKeptEdited(delivery)
  let state = await driver.inspect(delivery, 'quick')
  if (state === 'changed' && wasEdited && session.plan.edited !== 'restore')
    return { ...deliver, kind: 'unchanged', before }
  const isOurs = state === 'changed' && (await driver.inspect(delivery, 'full')) === 'ok'
  if (isOurs || (state === 'ok' && wasEdited)) {
    // Only its time differs: somebody copied or touched it. From here on, what is there now is remembered.
    if (isFileProof(delivery)) {
      const { edited: _, ...proof } = delivery
      delivery = { ...proof, ...(await proofOf(driver.output, delivery.path, delivery.sha256)) }
    }
    state = 'ok'
    await recorder.add({ ...before, delivery, verifiedAt: now() })
  }
  if (state === 'changed' && isFileProof(delivery)) return { ...deliver, before, isEdited: true }
  if (state !== 'ok' && state !== 'unproven') return deliver
  const there = { ...before, delivery }
  if (before.facts.kind !== 'original' && isOriginal(row)) {
    // What came by way of a copy turned out to be the original. Never the other way: the bytes stay what they are when a right is taken away.
    there.facts = { ...before.facts, kind: 'original' }
    await recorder.add(there)
  }
  if (before.described === target.described) return { kind: 'unchanged', driver, target, before: there }
  if (driver.canRelocate) return { kind: 'relocate', driver, target, before: there }
  // An exporter that cannot move it can deliver it again at its new place: the bytes are at hand.
  const isCopy = isFileProof(delivery) && standingOf(there, driver) === 'copy'
  return { kind: isCopy ? 'deliver' : 'unchanged', driver, target, before: there }
}

/** Whether SmugMug calls bytes that an MD5 proves the original. */
function isOriginal({ source }: ListingRow): boolean {
  return source.kind === 'original' && source.md5 !== undefined
}

/** Whether the delivery is as the exporter left it, apart from its time. */
export async function isThere({ delivery }: DeliveryRow, driver: Driver): Promise<boolean> {
  if (delivery === undefined) return true
  const state = await driver.inspect(delivery, 'quick')
  if (state === 'changed') return (await driver.inspect(delivery, 'full')) === 'ok'
  return state === 'ok' || state === 'unproven'
}
