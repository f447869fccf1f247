import type { RunEvent, RunSummary } from '../../src/engine/events.ts'
import type { ListedImage } from '../../src/simulator/listing.ts'
import { readPhotoPath } from '../../src/simulator/photo-url.ts'
import type { RequestRecord } from '../../src/simulator/request-log.ts'
import { albumsBelow } from '../../src/simulator/world.ts'
import { claim } from './claim.ts'
import { announced, runFinished } from './run-finished.ts'
import { allImages, contentOf, itemKey, type Slot, type State, slotKey } from './state.ts'
import { isExporter, type RunStep } from './steps.ts'
import { fileAt, holds, isSameFile, nothingChanged, type Tree } from './tree.ts'

/** What a run did, as it can be seen from outside. */
export interface Seen {
  step: RunStep
  events: readonly RunEvent[]
  /** Of a run that came to its end. */
  summary: RunSummary | undefined
  requests: readonly RequestRecord[]
  now: number
  staging: readonly string[]
}

/** A run took place; `after` is what home is now. Holds it against all that may be expected, however it ended. */
export function runTookPlace(state: State, seen: Seen, after: Tree): void {
  const { step, summary, events } = seen
  const { tree: before, world } = state
  if (step.dryRun) {
    nothingChanged(before, after, 'a dry run changes nothing')
    return
  }
  const truth = new Map(allImages(world).map((image) => [itemKey(image.albumKey, image.imageKey), image]))
  bytesWereFetched(state, seen, truth)
  deliveriesAreThere(state, seen, truth, after)
  nothingOfThePersons(state, after)
  nothingIsUnexplained(state, after)
  state.zipUsed ||= step.exporters.includes('zip')
  if (step.exporters.includes('zip'))
    state.zipWaits = summary?.failedInAll !== 0 || (state.zipWaits && step.only !== undefined)
  const listed = listedIn(seen.requests)
  const unlistable = new Set(
    summary?.failed
      .filter(({ imageKey, exporter }) => imageKey === undefined && exporter === undefined)
      .map(({ albumKey }) => albumKey),
  )
  const planned = new Set(events.flatMap((event) => (event.type === 'album.planned' ? [event.albumKey] : [])))
  for (const album of albumsBelow(world.root)) {
    if (!listed.has(album.key) || unlistable.has(album.key)) continue
    if (summary === undefined && (!planned.has(album.key) || step.fault !== undefined)) {
      state.unsure.add(album.key)
      continue
    }
    const images = new Map(
      [...truth.values()].filter(({ albumKey }) => albumKey === album.key).map((image) => [image.imageKey, image]),
    )
    state.known.set(album.key, { announced: announced(album), at: seen.now, images })
    state.unsure.delete(album.key)
  }
  if (summary !== undefined) runFinished(state, seen, summary, { listed, unlistable })
  state.tree = after
}

/** None that were at home or in staging, and none twice. */
function bytesWereFetched(
  { slots, staged, world, persons }: State,
  { requests, step, events, summary }: Seen,
  truth: ReadonlyMap<string, ListedImage>,
): void {
  const atHome = new Set(
    [...slots.values()].filter(({ intact }) => intact).flatMap(({ md5, content }) => [md5, content]),
  )
  const images = new Map([...truth.values()].map((image) => [image.imageKey, image]))
  // What the user moved within home, where no other image with these bytes may come before it.
  const moved = new Set([...persons.values()].map(({ md5 }) => md5))
  for (const { exporter, intact, fileMd5, content } of slots.values()) {
    const alike = [...truth.values()].filter((image) => contentOf(image, world) === content)
    const isAsked = step.exporters[0] === exporter && step.only === undefined
    if (exporter === 'folder' && !intact && isAsked && alike.length === 1 && moved.has(fileMd5)) atHome.add(content)
  }
  const fetched = new Map<string, number>()
  for (const { kind, path, status } of requests) {
    const asked = kind === 'media' ? readPhotoPath(path) : undefined
    const image = asked && images.get(asked.key)
    if (image === undefined || status >= 400) continue
    const content = contentOf(image, world)
    fetched.set(content, (fetched.get(content) ?? 0) + 1)
  }
  // What could not be put at home does not wait on the disk for another image with the same bytes.
  const rejected = new Map<string, number>()
  for (const event of events) {
    const image = event.type === 'image.failed' && event.exporter ? images.get(event.imageKey ?? '') : undefined
    const content = image && contentOf(image, world)
    if (content !== undefined) rejected.set(content, (rejected.get(content) ?? 0) + 1)
  }
  const faults = step.fault?.on === 'media' ? step.fault.times : 0
  for (const [content, times] of fetched) {
    const allowed = (atHome.has(content) || staged.has(content) ? 0 : 1) + (rejected.get(content) ?? 0)
    claim(times <= allowed + faults, `${content} is fetched at most ${allowed} times, and was ${times} times`)
  }
  for (const event of events) {
    const key = 'imageKey' in event ? event.imageKey : undefined
    const image = key === undefined ? undefined : images.get(key)
    if (image === undefined) continue
    if (event.type === 'image.fetched') staged.add(contentOf(image, world))
    if (event.type === 'image.finished' || event.type === 'image.failed') staged.delete(contentOf(image, world))
  }
  if (summary === undefined) return
  staged.clear()
  const total = [...fetched.values()].reduce((sum, times) => sum + times, 0)
  const said = summary.downloaded.files
  if (faults === 0) claim(said === total, `${total} files were downloaded, the summary says ${said}`)
}

/** Each image is where the run said, with the bytes that the account holds. */
function deliveriesAreThere(
  state: State,
  { events, step }: Seen,
  truth: ReadonlyMap<string, ListedImage>,
  after: Tree,
): void {
  const { slots, persons, known, world } = state
  for (const event of events) {
    if (event.type !== 'image.finished' || event.path === undefined || !isExporter(event.exporter)) continue
    const { path, exporter, albumKey, imageKey } = event
    const key = slotKey(exporter, albumKey, imageKey)
    const now = truth.get(itemKey(albumKey, imageKey))
    // Where an album could not be listed, the run brings what it knows of it.
    const isDoubtful = step.fault?.on === 'api' || world.albums.get(albumKey)?.locked
    const last = isDoubtful ? known.get(albumKey)?.images.get(imageKey) : undefined
    const image = last !== undefined && !holds(after, path, now?.md5 ?? '') ? last : now
    // What a run that was stopped had listed is known to the program, and to us by what became of it.
    const sibling = slots.get(slotKey(exporter === 'zip' ? 'folder' : 'zip', albumKey, imageKey))
    const old = slots.get(key)
    const standing = old ?? (isDoubtful ? sibling : undefined)
    const isOld = image === undefined || image.available === 'none' || event.outcome === 'unchanged'
    const md5 = isOld ? standing?.md5 : image.md5
    const file = fileAt(after, path)
    claim(
      file !== undefined && md5 !== undefined && holds(after, path, md5),
      `${path} holds ${key} (${md5}), as the run said; it holds ${file?.md5}`,
    )
    // The same bytes stood there already: they are taken as they are.
    const theirs = persons.get(path)
    const isFound = exporter === 'folder' && old?.intact === false && theirs?.md5 === old.fileMd5
    // Or the user had moved ours there, where what replaces it comes to stand, too.
    if (theirs !== undefined && (isFound || isSameFile(theirs, file))) persons.delete(path)
    const content = isOld ? (standing?.content ?? md5) : contentOf(image, world)
    const fileMd5 = file.md5
    slots.set(key, {
      exporter,
      album: albumKey,
      image: imageKey,
      path,
      md5,
      fileMd5,
      content,
      intact: true,
      moved: isFound || (old?.moved === true && old.path === path),
    })
  }
  archivesTookTheirImagesAlong(state, after)
  const owners = new Map<string, Slot>()
  for (const slot of slots.values()) {
    if (!slot.intact) continue
    const owner = owners.get(slot.path)
    const isShared = owner === undefined || (slot.exporter === 'zip' && slot.album === owner.album)
    claim(isShared, `${slot.path} is of one image, not of ${owner?.image} and ${slot.image}`)
    owners.set(slot.path, slot)
  }
}

/** Of an album's archive nothing is told but what is in the album now; what is no longer on SmugMug is in there too, and may be all. */
function archivesTookTheirImagesAlong({ slots, tree: before }: State, after: Tree): void {
  const places = new Map<string, string>()
  for (const { exporter, album, path, intact, md5 } of slots.values())
    if (exporter === 'zip' && intact && holds(after, path, md5)) places.set(album, path)
  const told = new Set(places.values())
  const untold = [...after.keys()].filter((path) => path.endsWith('.zip') && !before.has(path) && !told.has(path))
  for (const slot of slots.values()) {
    if (slot.exporter !== 'zip' || !slot.intact) continue
    const moved = () => places.get(slot.album) ?? untold.find((path) => holds(after, path, slot.md5))
    const path = holds(after, slot.path, slot.md5) ? slot.path : (moved() ?? slot.path)
    Object.assign(slot, { path, fileMd5: fileAt(after, path)?.md5 ?? slot.fileMd5 })
  }
}

function nothingOfThePersons({ persons }: State, after: Tree): void {
  for (const [path, file] of persons)
    claim(
      isSameFile(file, fileAt(after, path)),
      `${path} is the user's and stays as it is: ${JSON.stringify(file)} became ${JSON.stringify(after.get(path))}`,
    )
}

function nothingIsUnexplained({ slots, persons, bare, tree: before }: State, after: Tree): void {
  const ours = new Set<string>()
  for (const { path, md5, intact, exporter, album, image } of slots.values()) {
    if (!intact) continue
    claim(holds(after, path, md5), `${path} stays, with the bytes of ${slotKey(exporter, album, image)}`)
    ours.add(path)
  }
  bare.clear()
  for (const [path, file] of after) {
    if (file === 'empty folder') continue
    if (typeof file === 'object' && file.archived?.size === 0 && !persons.has(path)) bare.set(path, file)
    const told = `${JSON.stringify(before.get(path))} became ${JSON.stringify(file)}`
    claim(ours.has(path) || persons.has(path) || bare.has(path), `${path} is explained: ${told}`)
  }
}

function listedIn(requests: readonly RequestRecord[]): Set<string> {
  return new Set(requests.flatMap(({ path }) => /\/album\/(\w+)!images/.exec(path)?.[1] ?? []))
}
