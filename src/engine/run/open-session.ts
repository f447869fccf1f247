import { KeyedQueue } from '../../async/keyed-queue.ts'
import { pace } from '../../async/pace.ts'
import { Semaphore } from '../../async/semaphore.ts'
import type { Album, Hooks, Image } from '../../exporter/types.ts'
import type { SmallSize } from '../../smugmug/api/small-copy.ts'
import { RawFiles, rawModeOf, rememberRawMode } from '../account/raw-files.ts'
import { dueForListing } from '../account/relist.ts'
import { byteSources } from '../exporters/byte-sources.ts'
import { contextFor } from '../exporters/context.ts'
import { createdBy } from '../exporters/create-hooks.ts'
import { deliveredFiles } from '../exporters/delivered-files.ts'
import { Driver } from '../exporters/driver.ts'
import { type InstalledExporter, staysHere, wantsBytes } from '../exporters/installed.ts'
import { claimedFolders } from '../exporters/own-folders.ts'
import { Destination } from '../files/destination.ts'
import { Space } from '../files/free-space.ts'
import { Recorder } from '../files/recorder.ts'
import { Staging } from '../files/staging.ts'
import { StagingRefs } from '../files/staging-refs.ts'
import { Trash } from '../files/trash.ts'
import { Downloads, firstLevel } from './downloads.ts'
import { EditedFiles } from './edited-files.ts'
import { storeOptions } from './last-options.ts'
import { ListedSmallCopies } from './listed-small-copies.ts'
import { MovedFiles } from './moved-files.ts'
import { type RunPlan, usualAtOnce } from './plan.ts'
import { roomAhead } from './room-ahead.ts'
import type { RunParts } from './run-parts.ts'
import type { Begun } from './run-record.ts'
import type { Session } from './session.ts'
import { smallCopy } from './small-copies.ts'
import { StagedAhead } from './staged-ahead.ts'
import { Tally } from './tally.ts'

/** What the parts of one run share, made for it; in it nothing has been asked of SmugMug yet. */
export async function openSession(
  plan: RunPlan,
  parts: RunParts,
  { run, startedAt, lastRunAt }: Begun,
): Promise<Session> {
  const { catalog, emit, exporters, now } = parts
  if (plan.full || plan.edited !== undefined) catalog.failures.makeDue(startedAt)
  if (plan.raw !== undefined) rememberRawMode(plan.raw, catalog)
  const stop = new AbortController()
  const staging = new Staging(plan.output)
  const recorder = new Recorder(catalog)
  const signal = AbortSignal.any([parts.signal, stop.signal])
  const paced =
    plan.limitRate === undefined ? undefined : pace(plan.limitRate, AbortSignal.any([signal, parts.draining]))
  // What is kept elsewhere leaves a few at a time: more downloads would only wait in staging for that.
  const ceiling = plan.concurrency ?? (exporters.filter(wantsBytes).every(staysHere) ? undefined : usualAtOnce)
  const { atOnce } = firstLevel(ceiling)
  const slotsFor = (downloads: number) => downloads + Math.min(downloads, usualAtOnce)
  const slots = new Semaphore(slotsFor(atOnce))
  const ahead = new StagedAhead({ room: await roomAhead(plan, parts), atOnce })
  const downloads = new Downloads({
    ceiling,
    refused: () => parts.smugmug.counts.picturesRefused,
    now: () => performance.now(),
    onResize(atOnce) {
      slots.resize(slotsFor(atOnce))
      ahead.turns.resize(atOnce)
    },
  })
  const base = {
    ...parts,
    signal,
    halt: (error: unknown) => stop.abort(error),
    plan,
    run,
    staging,
    recorder,
    moved: new MovedFiles({ plan, catalog, recorder, draining: parts.draining }),
    destination: new Destination(staging, new Trash(plan.output, startedAt), (folder) => recorder.touched(folder)),
    tally: new Tally(plan.exporters, emit, (failure) => catalog.runs.addFailure(run, { ...failure })),
    space: new Space(
      plan.output,
      plan.spaceCheck && !plan.dryRun && plan.pictures === undefined && exporters.some(staysHere),
    ),
    slots,
    downloads,
    arrived: async (bytes: number) => {
      downloads.arrived(bytes)
      emit({ type: 'bytes', bytes })
      await paced?.(bytes)
    },
    sameBytes: new KeyedQueue(),
    staged: new Map(),
    smallCopies: new ListedSmallCopies(),
    kept: new StagingRefs(),
    ahead,
    withBytes: exporters.filter(wantsBytes).map(({ exporter }) => exporter.name),
    installed: exporters,
    claimed: await claimedFolders(plan.output, catalog),
    raw: new RawFiles(rawModeOf(catalog), { api: parts.smugmug.api, catalog, now: now(), fresh: plan.full }),
    relist: dueForListing(catalog.albums.all(), { now: now(), relistAfterMs: plan.relistAfterMs, lastRunAt }),
  }
  const needs = {
    ...base,
    network: parts.reach,
    smallCopy: (image: Image, album: Album, size: SmallSize) => smallCopy(image, album, size, base),
  }
  const driverOf = async (one: InstalledExporter) => {
    const files = deliveredFiles(one, base)
    const hooks = await createdBy(one, contextFor(one, files, needs))
    return new Driver(one, hooksOf(hooks, plan), files, plan.output)
  }
  const drivers: Driver[] = []
  for (const exporter of exporters) drivers.push(await driverOf(exporter))
  // Not those that an exporter refuses: the next run would fail by them too.
  storeOptions(plan, exporters.some(wantsBytes), catalog)
  const holder = byteSources(drivers, async (name) => {
    const exporter = await parts.exporterNamed?.(name)
    return exporter && driverOf(exporter)
  })
  return { ...base, drivers, holder, edited: new EditedFiles(base, drivers) }
}

/** In a dry run an exporter is asked what is there, and nothing else. */
function hooksOf(hooks: Hooks, { dryRun }: RunPlan): Hooks {
  if (!dryRun) return hooks
  return {
    deliver: hooks.deliver,
    ...(hooks.inspect && { inspect: hooks.inspect }),
    ...(hooks.relocate && { relocate: hooks.relocate }),
    ...(hooks.pathOf && { pathOf: hooks.pathOf }),
    ...(hooks.remove && { remove: hooks.remove }),
    ...(hooks.find && { find: hooks.find }),
  }
}
