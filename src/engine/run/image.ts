import { isDeepStrictEqual } from 'node:util'
import { eachAtOnce } from '../../async/for-each.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, FileKind, Image } from '../../exporter/types.ts'
import { describeImage, imageDigest } from '../account/describe.ts'
import { pictureFilter } from '../account/picture-filter.ts'
import type { Driver } from '../exporters/driver.ts'
import { isIntact } from '../exporters/plugin-output.ts'
import { provenDelivery } from '../exporters/proven-delivery.ts'
import { standingOf } from '../exporters/standing.ts'
import { isFileProof, proofOf } from '../files/destination.ts'
import { clockIn } from '../files/exif.ts'
import { holds } from '../files/same-bytes.ts'
import type { StagedFile } from '../files/staged-file.ts'
import { stagingIdOf } from '../files/staging.ts'
import type { AlbumRun } from './album.ts'
import { noteImageFailure } from './failed.ts'
import { itemError } from './item-error.ts'
import { followed } from './moved.ts'
import { obtain } from './obtain.ts'
import { type Finished, lesserOf, noteFinished, waitForEnd } from './results.ts'
import type { Session } from './session.ts'
import { withSidecars } from './sidecars.ts'

/** What there is to do for one image and one exporter. `before` is what it has of the image from earlier. */
type Decision = { driver: Driver; told: Told } & (
  | { kind: 'unchanged'; before: DeliveryRow }
  | { kind: 'relocate'; before: DeliveryRow & { delivery: Delivery } }
  | { kind: 'deliver'; before: DeliveryRow | undefined }
)

/** What an exporter is told of an image, as a digest, and the path that it wants for it, where it says. */
interface Told {
  described: string
  path: string | undefined
}

async function toldOf(driver: Driver, image: Image, { album, digests }: AlbumRun): Promise<Told> {
  const path = await driver.pathOf(image, album)
  return { described: imageDigest(image, digests.get(driver.name) ?? '', path), path }
}

/** All images of an album, as the catalog lists them, in their order. False when some were left out: they are not asked for, or the run was stopped. */
export async function runImages(run: AlbumRun, session: Session): Promise<boolean> {
  const { catalog, plan, slots, signal, tally } = session
  const only = plan.only?.get(run.album.key) ?? 'all'
  const isWanted = pictureFilter(plan.pictures)
  const underWay = new Set<Promise<void>>()
  let fatal: { error: unknown } | undefined
  let leftOut = false
  try {
    for (const row of catalog.listings.inOrder(run.album.key)) {
      if (session.winding.aborted || signal.aborted || fatal !== undefined) break
      const image = describeImage(row)
      const wanting = await settleAtHome(run, row, image, session)
      if (wanting.length === 0) continue
      if (only !== 'all' && !only.has(row.image)) {
        leftOut = true
        for (const { driver } of wanting) tally.add(driver.name, { kind: 'skipped', reason: 'excluded' })
        continue
      }
      if (!isWanted(image)) {
        run.left += 1
        tally.leftOut += 1
        for (const { driver } of wanting) tally.add(driver.name, { kind: 'skipped', reason: 'excluded' })
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
  return !session.winding.aborted && !signal.aborted && !leftOut
}

/** Those that show small copies hear of an album's images when its own files are home: a picture never waits for them. */
export async function tellOfSmallCopies(run: AlbumRun, session: Session): Promise<void> {
  const { catalog, drivers, plan, winding } = session
  const those = drivers.filter(({ name, exporter }) => exporter.wantsSmallCopies && !run.broken.has(name))
  if (those.length === 0) return
  const tellOf = async (row: ListingRow) => {
    const image = describeImage(row)
    for (const driver of those) await tell(run, row, image, driver, session)
  }
  await eachAtOnce(catalog.listings.inOrder(run.album.key), plan.concurrency, tellOf, winding)
}

/** Does all that needs no bytes; returns the decisions that need them. */
async function settleAtHome(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  session: Session,
): Promise<(Decision & { kind: 'deliver' })[]> {
  const wanting: (Decision & { kind: 'deliver' })[] = []
  for (const driver of session.drivers) {
    const broken = run.broken.get(driver.name)
    if (broken !== undefined) {
      await noteImageFailure(run, image, [driver], broken, { heals: true, exporter: driver.name }, session)
      continue
    }
    if (driver.exporter.wantsSmallCopies) continue
    if (driver.exporter.needs === 'listing') {
      await tell(run, row, image, driver, session)
      continue
    }
    try {
      const decision = await decide(run, row, image, driver, session)
      if (decision.kind === 'deliver') wanting.push(decision)
      // One that is in several albums may be one file of theirs: which of them is the last to leave it must be known.
      else await session.sameBytes.run(stagingIdOf(row), () => keep(run, row, image, decision, session))
    } catch (error) {
      await noteImageFailure(
        run,
        image,
        [driver],
        itemError(error, session.plan.output),
        { heals: true, exporter: driver.name },
        session,
      )
    }
  }
  return wanting
}

/** An exporter that wants no bytes hears of what is new or told otherwise than before. */
async function tell(run: AlbumRun, row: ListingRow, image: Image, driver: Driver, session: Session): Promise<void> {
  const { catalog, recorder, tally, now } = session
  const { album } = run
  const before = catalog.deliveries.get(driver.name, row)
  try {
    const { described } = await toldOf(driver, image, run)
    if (before?.described === described && (await isThere(before, driver))) {
      if (before.delivery !== undefined) await driver.unchanged(image, before.delivery, album)
      tally.add(driver.name, { kind: 'unchanged' })
      return
    }
    await driver.files.during({ album: album.key, image: image.key }, async () => {
      const returned = await driver.deliver(image, undefined, album, { before: before?.delivery })
      await recorder.add({
        exporter: driver.name,
        album: album.key,
        image: image.key,
        component: image.component,
        serial: row.serial,
        facts: noBytes,
        described,
        pending: false,
        delivery: session.plan.dryRun ? returned : await provenDelivery(driver, returned, noBytes),
        deliveredAt: now(),
        verifiedAt: now(),
      })
    })
    tally.add(driver.name, { kind: before === undefined ? 'new' : 'updated', bytes: 0 })
  } catch (error) {
    await noteImageFailure(
      run,
      image,
      [driver],
      itemError(error, session.plan.output),
      { heals: true, exporter: driver.name },
      session,
    )
  }
}

/** Whether what it has to show of an image is as it left it, but for its time. */
async function isThere({ delivery }: DeliveryRow, driver: Driver): Promise<boolean> {
  if (delivery === undefined) return true
  const state = await driver.inspect(delivery, 'quick')
  if (state === 'changed') return (await driver.inspect(delivery, 'full')) === 'ok'
  return state === 'ok' || state === 'unproven'
}

const noBytes = { kind: 'original', size: 0, md5: '', sha256: '', contentType: '' } as const

async function decide(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  driver: Driver,
  session: Session,
  before = session.catalog.deliveries.get(driver.name, row),
): Promise<Decision> {
  const { recorder, now } = session
  const told = await toldOf(driver, image, run)
  const deliver = { kind: 'deliver', driver, told, before } as const
  if (before === undefined || before.pending || !holds(before, row)) return deliver
  // It had nothing to show, and so nothing that could be looked at or moved.
  if (before.delivery === undefined)
    return driver.keeps === 'nothing' ? { ...deliver, kind: 'unchanged', before } : deliver
  let { delivery } = before
  let state = await driver.inspect(delivery, 'quick')
  if (state === 'changed' && (await driver.inspect(delivery, 'full')) === 'ok') {
    // Only its time is another: somebody copied or touched it. What is there now is what we remember from here on.
    if (isFileProof(delivery))
      delivery = { ...delivery, ...(await proofOf(driver.output, delivery.path, delivery.sha256)) }
    state = 'ok'
    await recorder.add({ ...before, delivery, verifiedAt: now() })
  }
  if (state !== 'ok' && state !== 'unproven') return deliver
  const there = { ...before, delivery }
  if (before.described === told.described) return { kind: 'unchanged', driver, told, before: there }
  if (driver.canRelocate) return { kind: 'relocate', driver, told, before: there }
  // Whoever cannot move it can put it anew where it belongs now: its bytes are at hand.
  const isCopy = isFileProof(delivery) && standingOf(there, driver) === 'copy'
  return { kind: isCopy ? 'deliver' : 'unchanged', driver, told, before: there }
}

/** What is at home stays, or moves within home. */
async function keep(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  decision: Exclude<Decision, { kind: 'deliver' }>,
  session: Session,
): Promise<void> {
  const { catalog, recorder } = session
  const { album } = run
  const { driver, told, before } = decision
  let outcome: Finished['outcome'] = { kind: 'unchanged' }
  let { delivery } = before
  try {
    if (decision.kind === 'relocate' && session.plan.dryRun) {
      session.tally.foresee(told.path)
      outcome = { kind: 'updated', bytes: 0 }
    } else if (decision.kind === 'relocate') {
      const known = decision.before.delivery
      const isPending = await driver.files.during({ album: album.key, image: image.key }, async () => {
        const { pending = false, ...there } = (await driver.relocate(known, image, album)) ?? known
        if (there.path !== known.path || pending) outcome = { kind: 'updated', bytes: 0 }
        delivery = pending || there.path === known.path ? there : await provenDelivery(driver, there, before.facts)
        const relocated = { ...before, serial: row.serial, delivery, described: told.described }
        if (pending) {
          countKind(before, driver, session)
          const moved = { serial: row.serial, described: told.described, delivery: there }
          waitForEnd(run, relocated, outcome, { moved })
          return true
        }
        const brought = await withSidecars(run, image, relocated, { driver, before: known }, session)
        delivery = brought.delivery
        await recorder.add(brought)
        return false
      })
      if (isPending) return
    } else if (driver.hasSidecars) {
      await driver.files.during({ album: album.key, image: image.key }, async () => {
        const brought = await withSidecars(run, image, before, { driver, before: delivery }, session)
        if (!isDeepStrictEqual(brought.delivery, delivery)) await recorder.add(brought)
        delivery = brought.delivery
      })
    }
    if (outcome.kind === 'unchanged' && delivery !== undefined) await driver.unchanged(image, delivery, album)
  } catch (error) {
    await noteImageFailure(
      run,
      image,
      [driver],
      itemError(error, session.plan.output),
      { heals: true, exporter: driver.name },
      session,
    )
    return
  }
  catalog.failures.clear(row, driver.name)
  catalog.failures.clear(row, '')
  countKind({ ...before, delivery }, driver, session)
  noteFinished(run, driver, { image, row: { ...before, delivery }, outcome }, session)
}

/** Obtains the bytes once and hands them to every exporter that wants them, in turn. */
async function deliverOne(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly (Decision & { kind: 'deliver' })[],
  session: Session,
): Promise<void> {
  const { kept, recorder, sameBytes, signal, space, winding } = session
  if (winding.aborted) return
  const { source } = row
  const known = source.kind === 'none' ? 0 : (source.size ?? 0)
  await sameBytes.run(stagingIdOf(row), async () => {
    let wanting = asked
    try {
      wanting = await withoutMoved(run, row, image, asked, session)
      if (wanting.length === 0) return
      if (session.plan.dryRun) return await foresee(run, row, image, wanting, session)
      const file = await obtain(run, row, image, session)
      if (file === undefined) return leave(run, wanting, session)
      session.staged.set(file.path, file)
      const clock = await clockIn(file.path)
      for (const [index, decision] of wanting.entries()) {
        file.before = decision.before
        file.movable = index === wanting.length - 1 && kept.isOnlyOne(file)
        await hand(run, row, image, decision, { file, clock }, session)
        const rest = wanting.slice(index + 1).map(({ driver }) => driver)
        if (rest.length === 0 || (await isIntact(file, decision.driver))) continue
        await noteImageFailure(run, image, rest, changedBy(decision.driver), { heals: true }, session)
        break
      }
      session.staged.delete(file.path)
      if (file.borrowed === 'move') await recorder.flush()
      await kept.release(file)
    } catch (error) {
      if (signal.aborted) throw error
      // It waited for its turn when the run began to end: the next run's.
      if (error instanceof SmugdlError && error.kind === 'cancelled') return
      const failed = itemError(error, session.plan.output)
      const heals = source.kind === 'none' ? source.heals : true
      if (source.kind === 'none' && source.processing) session.tally.processing += 1
      const drivers = wanting.map(({ driver }) => driver)
      await noteImageFailure(run, image, drivers, failed, { heals }, session)
    } finally {
      space.settled(known)
    }
  })
}

/** Those whose files are not at home. What the user moved is where it is from now on; what replaces it goes there. */
async function withoutMoved(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  asked: readonly (Decision & { kind: 'deliver' })[],
  session: Session,
): Promise<(Decision & { kind: 'deliver' })[]> {
  const wanting: (Decision & { kind: 'deliver' })[] = []
  for (const decision of asked) {
    const { driver, before } = decision
    const there = before && (await followed(before, driver, run, session))
    const settled = there === undefined ? decision : await decide(run, row, image, driver, session, there)
    if (settled.kind === 'deliver') wanting.push(settled)
    else await keep(run, row, image, settled, session)
  }
  return wanting
}

/** For another run: nothing is to be downloaded in this one. */
function leave(run: AlbumRun, wanting: readonly { driver: Driver }[], { tally }: Session): void {
  run.left += 1
  for (const { driver } of wanting) tally.add(driver.name, { kind: 'skipped', reason: 'notOnHand' })
}

/** A dry run takes SmugMug's word for the bytes. */
async function foresee(
  run: AlbumRun,
  { source }: ListingRow,
  image: Image,
  wanting: readonly (Decision & { kind: 'deliver' })[],
  session: Session,
): Promise<void> {
  if (source.kind === 'none') {
    if (source.processing) session.tally.processing += 1
    const error = new SmugdlError('item', { what: source.reason, next: source.next })
    await noteImageFailure(
      run,
      image,
      wanting.map(({ driver }) => driver),
      error,
      { heals: source.heals },
      session,
    )
    return
  }
  for (const { driver, before, told } of wanting) {
    session.tally.foresee(told.path)
    session.tally.add(driver.name, { kind: before === undefined ? 'new' : 'updated', bytes: source.size ?? 0 })
    countLesser(source.kind, driver, session)
  }
}

/** One exporter's turn. Where its delivery is pending, the staged file stays until the album ends. */
async function hand(
  run: AlbumRun,
  { serial }: ListingRow,
  image: Image,
  { driver, told, before }: Decision & { kind: 'deliver' },
  { file, clock }: { file: StagedFile; clock: string | undefined },
  session: Session,
): Promise<void> {
  const { kept, recorder, now } = session
  const { album } = run
  let delivered: DeliveryRow | undefined
  try {
    delivered = await driver.files.during({ album: album.key, image: image.key }, async () => {
      const where = { before: before?.delivery, clock }
      const { pending = false, ...returned } = (await driver.deliver(image, file, album, where)) ?? {}
      const made = 'path' in returned ? returned : undefined
      const row = {
        exporter: driver.name,
        album: album.key,
        image: image.key,
        component: image.component,
        serial,
        facts: file.facts,
        described: told.described,
        pending,
        delivery: pending ? made : await provenDelivery(driver, made, file),
        deliveredAt: now(),
        verifiedAt: file.readAt ?? now(),
      }
      const from = { driver, before: before?.delivery, clock: { in: clock } }
      const brought = pending ? row : await withSidecars(run, image, row, from, session)
      await recorder.add(brought)
      return brought
    })
  } catch (error) {
    await noteImageFailure(
      run,
      image,
      [driver],
      itemError(error, session.plan.output),
      { heals: true, exporter: driver.name },
      session,
    )
    return
  }
  countKind(delivered, driver, session)
  const outcome = outcomeOf(delivered, before, driver)
  if (delivered.pending) {
    kept.keep(file)
    const { path, content, borrowed, isBrought } = file
    waitForEnd(run, delivered, outcome, { staged: { path, content, borrowed, isBrought } })
  } else noteFinished(run, driver, { image, row: delivered, outcome }, session)
}

/** What became of an image that was delivered. The same bytes at another place were only moved. */
function outcomeOf(now: DeliveryRow, before: DeliveryRow | undefined, driver: Driver): Finished['outcome'] {
  const bytes = bytesOf(now, driver)
  if (before === undefined || before.pending) return { kind: 'new', bytes }
  const isAgain = isFileProof(now.delivery) && isFileProof(before.delivery) && now.facts.sha256 === before.facts.sha256
  if (!isAgain || now.described === before.described) return { kind: 'updated', bytes }
  return now.delivery?.path === before.delivery?.path ? { kind: 'unchanged' } : { kind: 'updated', bytes: 0 }
}

/** That it wrote, or was given to put elsewhere. */
function bytesOf({ delivery, facts }: DeliveryRow, { keeps }: Driver): number {
  if (keeps === 'nothing') return 0
  return isFileProof(delivery) ? delivery.size : facts.size
}

function changedBy({ name }: Driver): SmugdlError {
  return new SmugdlError('item', {
    what: `The exporter "${name}" changed the staged file, which is not its own`,
    next: 'The others get it in the next run; take from the plugin the right to write there',
  })
}

/** What is not the untouched upload, and what exporters made of it. */
function countKind(row: DeliveryRow, driver: Driver, session: Session): void {
  countLesser(row.facts.kind, driver, session)
  if (!row.pending) session.tally.addLesser(driver.name, lesserOf(row, driver))
}

/** Transcodes and renditions are counted once an image, not once an exporter. */
function countLesser(kind: FileKind, driver: Driver, { drivers, tally }: Session): void {
  if (driver !== drivers[0]) return
  if (kind === 'transcode') tally.transcodes += 1
  if (kind === 'rendition') tally.renditions += 1
}
