import { rmdir } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { FoundFile, FoundFiles } from '../../catalog/adopt-index.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { safeName, splitExtension } from '../../exporter/safe-name.ts'
import type { RunEvent, RunSummary } from '../events.ts'
import { wantsBytes } from '../exporters/installed.ts'
import { hasSameBytes } from '../files/same-bytes.ts'
import type { Transfer } from '../files/staged-file.ts'
import { type RunPlan, wholeAccount } from '../run/plan.ts'
import { run } from '../run/run.ts'
import type { OnHand, RunParts } from '../run/run-parts.ts'
import { isOurs } from '../verify/inventory.ts'
import { OpenArchives } from './archive-reader.ts'
import { matchFile } from './match.ts'
import { readFolder } from './scan.ts'

export interface AdoptPlan extends Pick<RunPlan, 'output' | 'exporters' | 'exporterOptions'> {
  /** Absolute path without symbolic links: a backup made by any program, or the output itself. */
  folder: string
  /** Whether files that belong elsewhere in the output are copied, linked or moved there. */
  transfer: Transfer
  /** Files read at once. */
  readers: number
}

export interface AdoptParts extends Omit<RunParts, 'emit' | 'onHand'> {
  /** The index of the folder, with results of an interrupted call; complete when this call ends. */
  found: FoundFiles
  emit(event: AdoptEvent): void
}

/** The result of adopting a folder; sizes in bytes, times in milliseconds since 1970. */
export interface AdoptSummary {
  startedAt: number
  endedAt: number
  folder: string
  output: string
  /** In the folder, entries of archives included: files = matched + unmatched + unreadable. */
  files: number
  /** The account lists an image with these bytes. */
  matched: number
  unmatched: number
  unreadable: number
  /** On SmugMug: images = inPlace + placed + known + left. */
  images: number
  /** Already in the right place; only recorded. */
  inPlace: number
  /** Copied, linked or moved to the right place. */
  placed: number
  placedBytes: number
  /** Already at home, according to the catalog. */
  known: number
  /** On SmugMug but not in the folder; still to be downloaded, as far as possible. */
  left: number
  leftBytes: number
  /** Among those left: SmugMug provides no MD5 for them, so their files cannot be recognised. */
  withoutMd5: number
  /** Other messages of the run: albums that could not be listed, files that could not be placed. */
  run: RunSummary
}

export type AdoptEvent =
  | RunEvent
  /** The folder was scanned; this part of it is still to be read. */
  | { type: 'adopt.looked'; files: number; bytes: number }
  /** For progress. */
  | { type: 'adopt.read'; path: string; bytes: number }
  | { type: 'adopt.unreadable'; path: string; reason: string }
  | { type: 'adopt.unmatched'; path: string; bytes: number }

/**
 * Takes the account's files in a folder into the output, without a download: files are recognised by MD5 and size against a fresh listing, and
 * put where a download would put them, or only recorded if they are there already. It is a run without downloads, with the same guarantees:
 * it may be killed, it replaces nothing, and the next run downloads the rest. Throws as `run` does.
 */
export async function adopt(plan: AdoptPlan, parts: AdoptParts): Promise<AdoptSummary> {
  const { catalog, found, emit, now, draining, signal } = parts
  const startedAt = now()
  const counted = keeperAmong(parts.exporters)
  const counts = { inPlace: 0, placed: 0, placedBytes: 0 }
  await using archives = new OpenArchives()
  const exporters = new Set([...plan.exporters, ...catalog.deliveries.exporters()])
  const isHome = (path: string) => isOurs(relative(plan.output, path).replaceAll(sep, '/'), [...exporters], catalog)
  const onHand: OnHand = {
    prepare: () =>
      readFolder(plan.folder, {
        found,
        readers: plan.readers,
        now,
        draining,
        signal,
        onLooked: (toRead) => emit({ type: 'adopt.looked', ...toRead }),
        onRead: (file) => emit({ type: 'adopt.read', path: nameOf(file), bytes: file.size }),
      }),
    ...(plan.folder === plan.output && {
      nameOf: (row, album) => nameAtHome(row, join(plan.output, ...album.directory), found),
    }),
    obtain: (row, stagingPath) =>
      matchFile(row, stagingPath, { found, archives, transfer: plan.transfer, isOurs: isHome }),
  }
  const count = (event: RunEvent) => {
    emit(event)
    if (event.type !== 'image.finished' || event.exporter !== counted || event.bytes === 0) return
    if (event.path !== undefined && found.get(join(plan.output, event.path)) !== undefined) counts.inPlace += 1
    else {
      counts.placed += 1
      counts.placedBytes += event.bytes
    }
  }
  const summary = await run(planOf(plan), { ...parts, emit: count, onHand })

  const { images, left, leftBytes, withoutMd5 } = compare(counted, catalog, found)
  if (plan.transfer === 'move') await removeEmptied(plan.folder, found)
  for (const file of found.troubles()) emit({ type: 'adopt.unreadable', path: nameOf(file), reason: file.trouble })
  for (const file of found.unwanted()) emit({ type: 'adopt.unmatched', path: nameOf(file), bytes: file.size })
  const { files, read, wanted } = found.totals()
  return {
    startedAt,
    endedAt: now(),
    folder: plan.folder,
    output: plan.output,
    files,
    matched: wanted,
    unmatched: read - wanted,
    unreadable: files - read,
    images,
    ...counts,
    known: images - counts.inPlace - counts.placed - left,
    left,
    leftBytes,
    withoutMd5,
    run: summary,
  }
}

/** The exporter whose images are counted. */
function keeperAmong(exporters: RunParts['exporters']): string {
  const keeper = exporters.find(wantsBytes)
  if (keeper !== undefined) return keeper.exporter.name
  throw new SmugdlError('usage', {
    what: 'None of these exporters keeps pictures',
    item: exporters.map(({ exporter }) => exporter.name).join(', '),
    next: 'Add --exporter folder',
  })
}

function planOf({ output, exporters, exporterOptions, readers }: AdoptPlan): RunPlan {
  return {
    ...wholeAccount,
    output,
    exporters,
    exporterOptions,
    concurrency: readers,
    full: true,
    relistAfterMs: 0,
    // Files already in place, linked or moved need no space.
    spaceCheck: false,
  }
}

/** Compares the account's listing with home and the files found; marks in `found` which of its files are wanted. */
function compare(
  exporter: string,
  catalog: Catalog,
  found: FoundFiles,
): Pick<AdoptSummary, 'images' | 'left' | 'leftBytes' | 'withoutMd5'> {
  const counts = { images: 0, left: 0, leftBytes: 0, withoutMd5: 0 }
  const count = (row: ListingRow) => {
    const source = row.source.kind === 'none' ? undefined : row.source
    if (source?.md5 !== undefined) found.want(source.md5, source.size)
    counts.images += 1
    const delivery = catalog.deliveries.get(exporter, row)
    if (delivery !== undefined && !delivery.pending && hasSameBytes(delivery, row)) return
    counts.left += 1
    counts.leftBytes += source?.size ?? 0
    if (source?.md5 === undefined) counts.withoutMd5 += 1
  }
  for (const album of catalog.albums.keys()) {
    found.transaction(() => {
      for (const row of catalog.listings.inOrder(album)) count(row)
    })
  }
  return counts
}

/** Removes the folders that moved files left empty. */
async function removeEmptied(root: string, found: FoundFiles): Promise<void> {
  let last = ''
  for (const { path, entry } of found.wanted()) {
    let folder = dirname(path)
    if (entry > 0 || folder === last) continue
    last = folder
    while (folder.startsWith(root + sep) && (await rmdir(folder).then(yes, no))) folder = dirname(folder)
  }
}

const yes = () => true
const no = () => false

/** A description for the user: the path and, in an archive, the entry. */
function nameOf({ path, entry, name }: FoundFile): string {
  return entry === 0 ? path : `${path}: ${name}`
}

/**
 * The name that a picture has on disk from before a name clash appeared or disappeared. A name once given stays even if the catalog was lost;
 * otherwise the picture would be there twice.
 */
function nameAtHome({ image, wantedName, source }: ListingRow, folder: string, found: FoundFiles): string | undefined {
  if (source.kind === 'none' || source.md5 === undefined) return undefined
  const plain = safeName(wantedName, image)
  const { stem, extension } = splitExtension(plain)
  const given = new Set<string>([plain, `${stem} [${image}]${extension}`])
  for (const { path, entry } of found.withContent(source.md5, source.size)) {
    const name = basename(path).normalize('NFC')
    if (entry === 0 && dirname(path) === folder && given.has(name)) return name
  }
  return undefined
}
