import { forEachBounded } from '../../async/for-each.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { Image } from '../../exporter/types.ts'
import { describeImage } from '../account/describe.ts'
import { pictureFilter } from '../account/picture-filter.ts'
import { hookOf } from '../exporters/current-hook.ts'
import type { Driver } from '../exporters/driver.ts'
import { isIntact } from '../exporters/plugin-output.ts'
import { provenDelivery } from '../exporters/proven-delivery.ts'
import { clockIn } from '../files/exif.ts'
import type { StagedFile } from '../files/staged-file.ts'
import { stagingIdOf } from '../files/staging.ts'
import type { AlbumRun } from './album-state.ts'
import { withoutCopied } from './copied-elsewhere.ts'
import { decide, isThere, type ToDeliver, targetOf } from './decide.ts'
import { deliveryRow } from './delivery-row.ts'
import { itemError } from './item-error.ts'
import { keep } from './keep-or-relocate.ts'
import { withoutSpared } from './leave-edited-and-moved.ts'
import { noteBeside } from './moved-folders.ts'
import { obtain } from './obtain.ts'
import { outcomeOf } from './outcome-of.ts'
import { awaitAlbumEnd } from './pending.ts'
import { usualAtOnce } from './plan.ts'
import type { Session } from './session.ts'
import { count, countLeftOut, countLesser, ofRaw, settle, settleDeliveryFailed, settleFailed } from './settle.ts'
import { withSidecars } from './sidecars.ts'

/** Exports all images of an album in the order of the catalog. False if some were left out, because they are not selected or the run was stopped. */
export async function runImages(run: AlbumRun, session: Session): Promise<boolean> {
  const { catalog, plan, raw, slots, signal } = session
  const only = plan.only?.get(run.album.key) ?? 'all'
  const isWanted = pictureFilter(plan.pictures)
  const underWay = new Set<Promise<void>>()
  let fatal: { error: unknown } | undefined
  let leftOut = false
  try {
    for (const row of catalog.listings.inOrder(run.album.key)) {
      if (session.draining.aborted || signal.aborted || fatal !== undefined) break
      const image = describeImage(row)
      const wanting = await settleWithoutBytes(run, row, image, session)
      if (wanting.length === 0) continue
      const isAsked = only === 'all' || only.has(row.image)
      leftOut ||= !isAsked
      if (!isAsked || (image.component !== '' && raw.mode === 'never')) {
        count(driversOf(wanting), { kind: 'skipped', reason: 'excluded' }, session, 1, ofRaw(image))
        continue
      }
      if (!isWanted(image)) {
        countLeftOut(run, image, driversOf(wanting), session)
        continue
      }
      // What ends the run gives its slot back too.
      await slots.acquire()
      const task = deliverOne(run, row, image, wanting, session)
        .catch((error) => {
          fatal ??= { error }
        })
        .finally(() => {
          slots.release()
          underWay.delete(task)
        })
      underWay.add(task)
    }
  } finally {
    await Promise.all(underWay)
  }
  if (fatal !== undefined) throw fatal.error
  return !session.draining.aborted && !signal.aborted && !leftOut
}

/** Exporters that show small copies get an album's images when its own files are home, so that no picture waits for them. */
export async function deliverSmallCopies(run: AlbumRun, session: Session): Promise<void> {
  const { catalog, drivers, plan, draining, signal } = session
  const those = drivers.filter(({ name, exporter }) => exporter.wantsSmallCopies && !run.broken.has(name))
  if (those.length === 0 || draining.aborted || signal.aborted) return
  const only = plan.only?.get(run.album.key) ?? 'all'
  const deliverTo = async (row: ListingRow) => {
    if (only !== 'all' && !only.has(row.image)) return count(those, { kind: 'skipped', reason: 'excluded' }, session)
    const image = describeImage(row)
    for (const driver of those) await deliverListed(run, row, image, driver, session)
  }
  await forEachBounded(catalog.listings.inOrder(run.album.key), plan.concurrency ?? usualAtOnce, deliverTo, draining)
}

/** Does everything that needs no bytes; returns the decisions that need them. */
async function settleWithoutBytes(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  session: Session,
): Promise<ToDeliver[]> {
  const wanting: ToDeliver[] = []
  for (const driver of session.drivers) {
    const broken = run.broken.get(driver.name)
    if (broken !== undefined) {
      await settleFailed(run, image, [driver], broken, { heals: true, exporter: driver.name }, session)
      continue
    }
    if (driver.exporter.wantsSmallCopies) continue
    if (driver.exporter.needs === 'listing') {
      await deliverListed(run, row, image, driver, session)
      continue
    }
    try {
      const decision = await decide(run, row, image, driver, session)
      if (decision.kind === 'deliver') wanting.push(decision)
      // An image in several albums may be one file of theirs: it must be known which of them leaves it last.
      else await session.sameBytes.run(stagingIdOf(row), () => keep(run, row, image, decision, session))
    } catch (error) {
      await settleDeliveryFailed(run, image, driver, error, session)
    }
  }
  return wanting
}

/** An exporter that wants no bytes gets what is new, or described differently than before. */
async function deliverListed(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  driver: Driver,
  session: Session,
): Promise<void> {
  const { catalog, recorder, now } = session
  const { album } = run
  const before = catalog.deliveries.get(driver.name, row)
  try {
    const { described } = await targetOf(driver, image, run)
    if (before?.described === described && (await isThere(before, driver))) {
      if (before.delivery !== undefined) await driver.unchanged(image, before.delivery, album)
      count([driver], { kind: 'unchanged' }, session, 1, ofRaw(image))
      return
    }
    await driver.files.during(hookOf(image, album), async () => {
      const returned = await driver.deliver(image, undefined, album, { before: before?.delivery })
      const delivery = session.plan.dryRun ? returned : await provenDelivery(driver, returned, noBytes)
      const what = { serial: row.serial, facts: noBytes, described, pending: false, delivery, verifiedAt: now() }
      await recorder.add(deliveryRow(driver, album, image, now(), what))
    })
    count([driver], { kind: before === undefined ? 'new' : 'updated', bytes: 0 }, session, 1, ofRaw(image))
  } catch (error) {
    await settleDeliveryFailed(run, image, driver, error, session)
  }
}

const noBytes = { kind: 'original', size: 0, md5: '', sha256: '', contentType: '' } as const

/** Obtains the bytes once and hands them to every exporter that wants them, in turn. */
async function deliverOne(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly ToDeliver[],
  session: Session,
): Promise<void> {
  const { kept, recorder, sameBytes, signal, space, draining } = session
  if (draining.aborted) return
  const { source } = row
  const known = source.kind === 'none' ? 0 : (source.size ?? 0)
  await sameBytes.run(stagingIdOf(row), async () => {
    let wanting = asked
    try {
      wanting = await withoutSpared(run, row, image, asked, session)
      if (wanting.length === 0) return
      if (session.plan.dryRun) return await foresee(run, row, image, wanting, session)
      wanting = await withoutCopied(run, row, image, wanting, session)
      if (wanting.length === 0) return
      const file = await obtain(run, row, image, session)
      if (file === undefined) return leave(run, image, wanting, session)
      session.staged.set(file.path, file)
      const clock = await clockIn(file.path)
      for (const [index, decision] of wanting.entries()) {
        file.before = decision.before
        file.movable = index === wanting.length - 1 && kept.isOnlyOne(file)
        await hand(run, row, image, decision, { file, clock }, session)
        const rest = wanting.slice(index + 1).map(({ driver }) => driver)
        if (rest.length === 0 || (await isIntact(file, decision.driver))) continue
        await settleFailed(run, image, rest, changedBy(decision.driver), { heals: true }, session)
        break
      }
      session.staged.delete(file.path)
      if (file.external === 'move') await recorder.flush()
      await kept.release(file)
    } catch (error) {
      if (signal.aborted) throw error
      // It was waiting for its turn when the run began to end: left for the next run.
      if (error instanceof SmugdlError && error.kind === 'cancelled') return
      const failed = itemError(error, session.plan.output)
      const heals = source.kind === 'none' ? source.heals : true
      await settleFailed(run, image, driversOf(wanting), failed, { heals, row }, session)
    } finally {
      space.settled(known)
    }
  })
}

/** Left for another run: this one must not download anything. */
function leave(run: AlbumRun, image: Image, wanting: readonly ToDeliver[], session: Session): void {
  run.left += 1
  count(driversOf(wanting), { kind: 'skipped', reason: 'notOnHand' }, session, 1, ofRaw(image))
}

/** A dry run believes what SmugMug announces about the bytes. */
async function foresee(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  wanting: readonly ToDeliver[],
  session: Session,
): Promise<void> {
  const { source } = row
  if (source.kind === 'none') {
    const error = new SmugdlError('item', { what: source.reason, next: source.next })
    await settleFailed(run, image, driversOf(wanting), error, { heals: source.heals, row }, session)
    return
  }
  for (const { driver, before, target } of wanting) {
    session.tally.foresee(target.path)
    const kind = before === undefined ? 'new' : 'updated'
    count([driver], { kind, bytes: source.size ?? 0 }, session, 1, ofRaw(image))
    countLesser(source.kind, driver, session)
  }
}

function driversOf(decisions: readonly ToDeliver[]): Driver[] {
  return decisions.map(({ driver }) => driver)
}

/** One exporter's turn. Where its delivery is pending, the staged file stays until the album ends. */
async function hand(
  run: AlbumRun,
  { serial }: ListingRow,
  image: Image,
  { driver, target, before }: ToDeliver,
  { file, clock }: { file: StagedFile; clock: string | undefined },
  session: Session,
): Promise<void> {
  const { kept, recorder, now } = session
  const { album } = run
  let delivered: DeliveryRow | undefined
  try {
    delivered = await driver.files.during(hookOf(image, album), async () => {
      const where = { before: before?.delivery, clock }
      const { pending = false, ...returned } = (await driver.deliver(image, file, album, where)) ?? {}
      const made = 'path' in returned ? returned : undefined
      const delivery = pending ? made : await provenDelivery(driver, made, file)
      const row = deliveryRow(driver, album, image, now(), {
        serial,
        facts: file.facts,
        described: target.described,
        pending,
        delivery,
        verifiedAt: file.readAt ?? now(),
      })
      const from = { driver, before: before?.delivery, clock: { in: clock } }
      const brought = pending ? row : await withSidecars(run, image, row, from, session)
      await recorder.add(brought)
      return brought
    })
  } catch (error) {
    await settleDeliveryFailed(run, image, driver, error, session)
    return
  }
  countLesser(delivered.facts.kind, driver, session)
  if (before === undefined) noteBeside(run, delivered, driver)
  const outcome = outcomeOf(delivered, before, driver)
  if (delivered.pending) {
    kept.keep(file)
    const { path, content, external, isBrought } = file
    awaitAlbumEnd(run, delivered, outcome, { staged: { path, content, external, isBrought } })
  } else settle(run, driver, { image, row: delivered, outcome }, session)
}

function changedBy({ name }: Driver): SmugdlError {
  return new SmugdlError('item', {
    what: `The exporter "${name}" changed the staged file, which is not its own`,
    next: 'The other exporters get it in the next run; no plugin should have the right to write there',
  })
}
