import { dirname } from 'node:path'
import type { RunSummary } from '../../src/engine/events.ts'
import { type ListedImage, listing } from '../../src/simulator/listing.ts'
import { type Album, albumsBelow, foldersAbove, urlPathOf } from '../../src/simulator/world.ts'
import { claim } from './claim.ts'
import type { Seen } from './run-took-place.ts'
import { itemKey, type Slot, type State, slotKey } from './state.ts'
import { onlyName, type RunStep } from './steps.ts'

/** Albums by key: those that were asked for their images, and those that the run named because they could not be listed. */
interface Asked {
  listed: ReadonlySet<string>
  unlistable: ReadonlySet<string | undefined>
}

/** The run came to its end: all that the account lists is at home or named, and the sums are right. */
export function runFinished(state: State, seen: Seen, summary: RunSummary, asked: Asked): void {
  const { step, staging } = seen
  claim(
    staging.length === 0 || state.zipWaits,
    `staging is empty after a run that came to its end: ${staging.join(', ')}`,
  )
  claim(summary.failed.length > 0 === summary.failedInAll > 0, 'failures are counted')
  const failures = new Map(summary.failed.map((failure) => [namedIn(failure), failure.reason]))
  const isDoubtful = failures.has('')
  claim(!isDoubtful || step.fault?.on === 'api', 'the account can be seen whole')
  const explained = new Set<string>()
  for (const album of albumsBelow(state.world.root)) {
    if (!isChosen(album.name, step) || (isDoubtful && !asked.listed.has(album.key))) continue
    for (const key of albumIsHome(state, album, seen, { ...asked, failures })) explained.add(key)
  }
  for (const key of failures.keys()) {
    // Of an album that cannot be listed, what is known is brought, and may be known no more.
    const isExplained = explained.has(key) || explained.has(key.replace(/\/.*$/, ''))
    claim(isExplained || step.fault !== undefined, `${key} did not fail for nothing`)
  }
  state.failed.clear()
  for (const key of failures.keys()) state.failed.add(key)
  for (const exporter of step.exporters) sumsAreRight(state, exporter, step, summary)
}

/** Returns what was right to be named as failed. */
function albumIsHome(
  state: State,
  album: Album,
  { step, now }: Seen,
  { listed, unlistable, failures }: Asked & { failures: ReadonlyMap<string, string> },
): Set<string> {
  const { world, known, slots } = state
  const { key, name, locked } = album
  const explained = new Set<string>()
  const excuse = (failed: string, isExcused: boolean) => {
    claim(isExcused, `${failed} of ${name} has no reason to fail: ${failures.get(failed)}`)
    explained.add(failed)
  }
  if (locked || unlistable.has(key)) {
    claim(failures.has(key), `the album ${name} (${key}) cannot be listed, which is said`)
    excuse(key, locked || step.fault !== undefined)
    return explained
  }
  const isBlocked = step.fault !== undefined || isInTheWay(state, album)
  if (failures.has(key)) excuse(key, isBlocked)
  const isListed = listed.has(key)
  const last = known.get(key)
  if (!isListed && state.unsure.has(key)) return explained
  if (!isListed) {
    claim(!step.full, `a full run lists ${name} (${key})`)
    claim(last?.announced === announced(album), `${name} (${key}) is listed, for it announces news`)
    claim(now - (last?.at ?? 0) <= 61 * dayMs, `${name} (${key}) is listed again after 30 to 60 days`)
  }
  const images = isListed
    ? [...listing(world)].filter(({ albumKey }) => albumKey === key)
    : (last?.images.values() ?? [])
  for (const image of images) {
    const item = itemKey(key, image.imageKey)
    const isExcused = image.available === 'none' || isBlocked || (!isListed && state.failed.has(item))
    if (failures.has(item)) excuse(item, isExcused)
    for (const exporter of step.exporters) {
      const slot = slots.get(slotKey(exporter, key, image.imageKey))
      const isHome = slot?.intact === true && (image.available === 'none' || slot.md5 === image.md5)
      const isNamed = failures.has(item) || (failures.has(key) && exporter === 'zip')
      claim(isHome || isNamed, `${image.fileName} (${item}) is with ${exporter}, or named as failed`)
      if (isHome && isListed && !isNamed && !slot.moved) isInPlace(state, slot, image, step)
    }
  }
  return explained
}

/**
 * In the folder of its album, or its archive, under its own name, but for marks in brackets where names clash. A new one may also stand where the user
 * moved others of its album, and stays there.
 */
function isInPlace({ world, slots }: State, slot: Slot, image: ListedImage, { layout }: RunStep): void {
  const { path, exporter } = slot
  const { folders, album, fileName, albumKey } = image
  const names = path.split('/')
  if (exporter === 'folder') {
    const stem = stemOf(names.pop() ?? '')
    const plain = stemOf(fileName)
    claim(stem === plain || isMarked(stem, plain), `${path} is named after ${fileName}`)
  }
  const last = exporter === 'zip' ? stemOf(names.at(-1) ?? '') : (names.at(-1) ?? '')
  const isOfAlbum = last === album || isMarked(last, album)
  const node = world.albums.get(albumKey)
  const isAsLaidOut =
    exporter === 'folder' && layout === 'urlpath'
      ? `/${names.join('/')}` === (node && urlPathOf(node))
      : isOfAlbum && names.length === folders.length + 1
  if (isAsLaidOut) return
  const isBesideMoved = [...slots.values()].some(
    (other) =>
      other.moved && other.exporter === exporter && other.album === albumKey && dirname(other.path) === dirname(path),
  )
  claim(exporter === 'folder' && isBesideMoved, `${path} is in ${[...folders, album].join('/')}`)
  slot.moved = true
}

function stemOf(name: string): string {
  return name.replace(/\.\w+$/, '')
}

function isMarked(name: string, plain: string): boolean {
  return name.startsWith(`${plain} [`) && name.endsWith(']')
}

/** Whether something of the user's stands where it, its archive, or a folder around it is to be. */
function isInTheWay({ persons }: State, album: Album): boolean {
  const directory = [...foldersAbove(album), album].map(({ name }) => name.toLowerCase())
  return [...persons.keys()].some((path) =>
    path
      .toLowerCase()
      .split('/')
      .every((name, at) => at >= directory.length || name.startsWith(directory[at] ?? '')),
  )
}

function sumsAreRight(
  { world, slots, known, unsure }: State,
  exporter: string,
  step: RunStep,
  summary: RunSummary,
): void {
  const counts = summary.exporters[exporter]
  claim(counts !== undefined, `the summary tells of ${exporter}`)
  const { listed, new: added, updated, unchanged, skipped, failed } = counts
  claim(listed === added + updated + unchanged + skipped + failed, 'the sum line adds up')
  if (step.fault !== undefined) return
  const albums = [...albumsBelow(world.root)]
  if (!albums.some(({ locked }) => locked)) {
    const truth = albums.reduce((sum, { images }) => sum + images.length, 0)
    claim(listed === truth, `${truth} images are listed, the summary says ${listed}`)
  }
  if (unsure.size > 0) return
  const gone = new Set<string>()
  for (const { album, image } of slots.values()) {
    const last = known.get(album)
    if (!world.albums.has(album) || (last !== undefined && !last.images.has(image))) gone.add(itemKey(album, image))
  }
  claim(summary.gone === gone.size, `${gone.size} are no longer on SmugMug, the summary says ${summary.gone}`)
}

function namedIn({ albumKey = '', imageKey }: { albumKey?: string; imageKey?: string }): string {
  return imageKey === undefined ? albumKey : itemKey(albumKey, imageKey)
}

function isChosen(name: string, { only }: RunStep): boolean {
  return only === undefined || name.toLowerCase() === onlyName(only)
}

/** All that SmugMug tells of an album when it is not asked for its images. */
export function announced(album: Album): string {
  return `${album.updatedAt} ${album.imagesUpdatedAt} ${album.images.length}`
}

const dayMs = 24 * 60 * 60 * 1000
