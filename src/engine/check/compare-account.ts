import { join } from 'node:path'
import { prefetch } from '../../async/prefetch.ts'
import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import { SmugdlError } from '../../error.ts'
import type { Album, Network } from '../../exporter/types.ts'
import { accessOf } from '../../smugmug/api/access.ts'
import type { User } from '../../smugmug/api/user.ts'
import { albumFilter, albumPath, requireMatches } from '../account/album-filter.ts'
import { shortfallOf } from '../account/completeness.ts'
import { albumFor, describeImage } from '../account/describe.ts'
import { type Privacy, privacyOf } from '../account/picture-filter.ts'
import { type RawAway, rawAway } from '../account/raw-files.ts'
import type { InstalledExporter } from '../exporters/installed.ts'
import { offlineDrivers } from '../exporters/offline-drivers.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { costsOfReading } from '../exporters/reading-elsewhere.ts'
import type { RunPlan } from '../run/plan.ts'
import { inspectDelivery } from '../verify/inspect.ts'
import { albumsIn } from './albums-in-order.ts'
import { type CompareParts, compareImage, isOnDisk, isOnRecord } from './compare.ts'
import {
  type DescribedAlbums,
  type Description,
  describedAlbums,
  describersOnDisk,
  descriptionOf,
} from './description.ts'
import { isListed, type Verdict } from './verdict.ts'

export interface CheckPlan
  extends Pick<RunPlan, 'output' | 'exporterOptions' | 'albums' | 'exclude'>,
    Pick<CompareParts, 'depth'> {
  /** Names of the exporters whose deliveries count as home; if empty, all that ever delivered. */
  exporters: readonly string[]
}

/** The options of a comparison that do not concern SmugMug. */
export interface ComparisonParts extends Pick<CompareParts, 'now' | 'verified'> {
  /** A copy of the output's catalog (`Catalog.openCopy`), which is modified and must not be used afterwards. */
  scratch: Catalog
  /** Exporters that can be asked what they have. */
  exporters: readonly InstalledExporter[]
  /** See `RunParts`. */
  reach?: Network
  /** Aborted first: no further album is started. */
  draining: AbortSignal
  /** Aborted last: work stops at once. */
  signal: AbortSignal
  notice(text: string): void
  /** For who waits for it, and no part of the certificate. */
  beforehand(text: string): void
}

/** The events of a check: the account first, each album before its items, and parts of the account that could not be seen as items without album. */
export type CheckEvent =
  | {
      type: 'account'
      nickName: string
      name: string
      /** Number of images of the account as SmugMug announces it. */
      announced: number | undefined
      /** Number of albums to be compared, including those no longer on SmugMug. */
      albums: number
      /** Number of albums excluded by `albums` and `exclude`. */
      excluded: number
      /** Exporters that wrote titles, captions and keywords beside the pictures. */
      describers: readonly string[]
      described: DescribedAlbums
    }
  | {
      type: 'album'
      key: string
      name: string
      /** Around it, outermost first. */
      folders: readonly { id: string; name: string }[]
      /** Number of images as SmugMug announces it; undefined also if the album is gone. */
      announced: number | undefined
      /** The album's visibility on SmugMug; empty if unknown. */
      privacy: readonly Privacy[]
      /** No longer on SmugMug, but at home. */
      gone: boolean
    }
  | {
      type: 'item'
      /** Key of the preceding `album` event; undefined for the account itself. */
      album: string | undefined
      /** Undefined for an album or the account. */
      image: string | undefined
      /** `folder/…/album/file name` in display names; an album's path, or the account's name. */
      item: string
      verdict: Verdict
      /** What SmugMug has for an image besides its file. */
      description?: Description
      /** The item is a file kept with a picture, not a picture. */
      isRaw?: true
      /** An earlier run has already reported this. */
      isKnown?: true
    }
  /** The last event: pictures whose RAW files SmugMug does not provide to this key, or that are excluded on purpose. */
  | ({ type: 'rawAway' } & RawAway)

type ItemEvent = CheckEvent & { type: 'item' }

/** Number of albums listed in parallel: the maximum number of parallel requests. */
const albumsAtOnce = 8
/** Number of images compared in parallel. */
const imagesAtOnce = 4

/** The account as it is on SmugMug. */
export interface Seen {
  /** Why there may be more albums, a sentence each. */
  doubts: readonly string[]
  /** Folders that may be gone. */
  foldersBefore: readonly FolderRow[]
  /** Lists the album, so that afterwards images not marked gone are on SmugMug, as far as visible. */
  unseen(row: AlbumRow): Promise<Unseen>
}

/** Compares an account whose listing is in `scratch` with home. Throws `cancelled` if it is stopped. */
export async function* compareAccount(
  { nickName, name, imageCount }: Pick<User, 'nickName' | 'name' | 'imageCount'>,
  { doubts, foldersBefore, unseen }: Seen,
  plan: CheckPlan,
  parts: ComparisonParts,
): AsyncGenerator<CheckEvent> {
  const { scratch, draining, signal } = parts
  // A folder that is gone still names its albums, which are gone too.
  const folders = new Map([...foldersBefore, ...scratch.folders.all()].map((folder) => [folder.id, folder]))
  const all = albumsIn(scratch, folders)
  requireMatches(all, plan)
  const isChosen = albumFilter(all, plan)
  const chosen = all.filter(isChosen)
  const excluded = all.filter((album) => !album.gone && !isChosen(album)).length
  const asked = await offlineDrivers(parts.exporters, plan, { ...parts, catalog: scratch })
  if (plan.depth === 'full') for (const text of costsOfReading(asked, scratch)) parts.beforehand(text)
  const drivers = new Map(asked.map((driver) => [driver.name, driver]))
  const exporters = plan.exporters.length > 0 ? plan.exporters : scratch.deliveries.exporters()
  const home = { ...parts, catalog: scratch, exporters, drivers, output: plan.output, depth: plan.depth }
  yield {
    type: 'account',
    nickName,
    name,
    announced: imageCount,
    albums: chosen.length,
    excluded,
    describers: describersOnDisk(scratch),
    described: await describedAlbums(
      chosen.filter(({ gone }) => !gone).map(({ key }) => albumFor(albumRow(key, scratch), folders)),
      home,
    ),
  }
  for (const reason of doubts) yield doubted(nickName, reason)
  const listing = prefetch(chosen, albumsAtOnce, async ({ key }) => {
    if (draining.aborted || signal.aborted) throw interrupted()
    const row = albumRow(key, scratch)
    return { row, ...(await unseen(row)) }
  })
  let listed = 0
  let isWhole = excluded === 0 && doubts.length === 0
  for await (const { row, unlisted, waived } of listing) {
    isWhole &&= unlisted === undefined
    for await (const event of compareAlbum(row, albumFor(row, folders), { unlisted, waived }, home, parts)) {
      if (event.type === 'item' && event.isRaw !== true && isListed[event.verdict.kind]) listed += 1
      yield event
    }
  }
  const shortfall = isWhole ? shortfallOf(imageCount, listed) : undefined
  if (shortfall !== undefined) yield doubted(nickName, shortfall)
  yield { type: 'rawAway', ...rawAway(scratch) }
}

function doubted(account: string, reason: string): CheckEvent {
  return { type: 'item', album: undefined, image: undefined, item: account, verdict: { kind: 'unlisted', reason } }
}

/** Reasons why the account's own data may be incomplete, besides what the walk could not see. */
export function doubtsAbout(user: User, ofTheWalk: readonly string[]): string[] {
  return [
    ...(accessOf(user) === 'public'
      ? ['This login sees only what is public; private and hidden pictures stay unseen']
      : []),
    ...ofTheWalk,
  ]
}

/** Why an album was not seen completely, a sentence without its full stop, and why the user accepted that; both undefined if it was complete. */
export interface Unseen {
  unlisted?: string | undefined
  waived?: string | undefined
}

async function* compareAlbum(
  row: AlbumRow,
  album: Album,
  { unlisted, waived }: Unseen,
  home: CompareParts,
  { draining, signal }: ComparisonParts,
): AsyncGenerator<CheckEvent> {
  const { catalog } = home
  const { key, name } = album
  const folders = album.folders.map(({ id, name }) => ({ id, name }))
  const path = albumPath(album)
  const gone = row.goneAt !== undefined
  const announcement = {
    type: 'album',
    key,
    name,
    folders,
    announced: gone ? undefined : row.imageCount,
    privacy: privacyOf(row.raw),
    gone,
  } as const
  const item = (image: string | undefined, label: string, verdict: Verdict, description?: Description): ItemEvent => ({
    type: 'item',
    album: key,
    image,
    item: label,
    verdict,
    ...(description && { description }),
    ...(isOnRecord({ album: key, image: image ?? '' }, verdict, home) && { isKnown: true }),
  })
  const unseen: Verdict | undefined =
    waived !== undefined
      ? { kind: 'waived', reason: waived }
      : unlisted !== undefined
        ? { kind: 'unlisted', reason: unlisted }
        : undefined

  let announced = false
  if (!gone) {
    yield announcement
    announced = true
  }
  if (unseen !== undefined && !gone) yield item(undefined, path, unseen)
  const judged = prefetch(catalog.listings.inOrder(key), imagesAtOnce, async (listed) => {
    if (draining.aborted || signal.aborted) throw interrupted()
    const isImage = listed.component === ''
    const description = isImage ? await descriptionOf(describeImage(listed), listed, home) : undefined
    return { listed, verdict: await compareImage(listed, home), description }
  })
  for await (const { listed, verdict, description } of judged) {
    const label = `${path}/${listed.name ?? listed.wantedName}`
    if (listed.component !== '') yield { ...item(listed.image, label, verdict), isRaw: true }
    else yield item(listed.image, label, verdict, description)
  }
  for (const [file, deliveries] of onlyOnDisk(key, home)) {
    if (draining.aborted || signal.aborted) throw interrupted()
    if (unlisted === undefined && !(await isThere(deliveries, home))) continue
    // Images gone with their album are reported for the album only if any of them is at home.
    if (!announced) yield announcement
    announced = true
    const label = `${path}/${catalog.listings.get(file)?.name ?? file.image}`
    yield item(file.image, label, unlisted === undefined ? { kind: 'gone' } : (unseen ?? { kind: 'gone' }))
  }
}

/** Images of an album that are at home but not in the fresh listing, each once, with all its deliveries. */
function* onlyOnDisk(album: string, { catalog, exporters }: CompareParts): Generator<[file: FileKey, DeliveryRow[]]> {
  for (const [index, name] of exporters.entries()) {
    for (const file of catalog.deliveries.inAlbum(album, name)) {
      const listing = catalog.listings.get(file)
      if (listing !== undefined && listing.goneAt === undefined) continue
      const deliveries = exporters.map((exporter) => catalog.deliveries.get(exporter, file))
      if (deliveries.slice(0, index).some((earlier) => earlier !== undefined)) continue
      const atHome = deliveries.filter((delivery) => delivery !== undefined).filter(isOnDisk)
      if (atHome.length > 0) yield [file, atHome]
    }
  }
}

async function isThere(
  deliveries: readonly DeliveryRow[],
  { catalog, drivers, output }: CompareParts,
): Promise<boolean> {
  for (const row of deliveries) {
    const root = join(output, folderOf(row.exporter, catalog))
    const { state } = await inspectDelivery(row, drivers.get(row.exporter), root, 'quick')
    if (state !== 'missing') return true
  }
  return false
}

function albumRow(key: string, catalog: Catalog): AlbumRow {
  const row = catalog.albums.get(key)
  if (row === undefined) throw new Error(`album ${key} is not in the catalog`)
  return row
}

function interrupted(): SmugdlError {
  return new SmugdlError('cancelled', { what: 'Interrupted', next: 'Nothing was changed; check again' })
}
