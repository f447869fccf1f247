import { hash } from 'node:crypto'
import type { AccountRow } from '../../catalog/account.ts'
import type { AlbumRow } from '../../catalog/albums.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { isPlaceholder } from '../../exporter/describe/sidecar-date.ts'
import { splitExtension } from '../../exporter/safe-name.ts'
import type { Account, Album, Folder, Image } from '../../exporter/types.ts'
import { storedAlbumOf } from '../../smugmug/api/album.ts'
import { factsOf } from '../../smugmug/api/image.ts'

/** The description of an account for exporters. */
export function describeAccount(row: AccountRow): Account {
  return { nickName: row.nickName, name: row.name, raw: row.raw }
}

/** The description of an album for exporters; `folders` are those around it, outermost first. */
function describeAlbum(row: AlbumRow, folders: readonly FolderRow[]): Album {
  const { description, webUri } = storedAlbumOf({ AlbumKey: row.key, ...row.raw }, 'catalog')
  return {
    key: row.key,
    ...(row.nodeId !== undefined && { nodeId: row.nodeId }),
    name: row.name,
    description,
    urlPath: row.urlPath,
    folders: folders.map(describeFolder),
    path: folders.map((folder) => folder.name),
    directory: [...folders.map((folder) => folder.directoryName), row.directoryName],
    ...(row.imageCount !== undefined && { imageCount: row.imageCount }),
    ...(row.lastUpdated !== undefined && { lastUpdated: row.lastUpdated }),
    ...(row.imagesLastUpdated !== undefined && { imagesLastUpdated: row.imagesLastUpdated }),
    ...(webUri !== '' && { webUri }),
    raw: row.raw,
  }
}

/** The description of an album for exporters, from the catalog. */
export function albumFor(row: AlbumRow, folders: ReadonlyMap<string, FolderRow>): Album {
  const around: FolderRow[] = []
  for (let id = row.folder; id !== undefined; ) {
    const folder = folders.get(id)
    if (folder === undefined) break
    around.unshift(folder)
    id = folder.parent
  }
  return describeAlbum(row, around)
}

/** The description of an image for exporters; it must already have its name. */
export function describeImage(row: ListingRow): Image {
  const image = row.component === '' ? factsOf(row.record, 'catalog') : companionOf(row)
  const { capturedAt } = image
  return {
    key: row.image,
    component: row.component,
    serial: row.serial,
    fileName: image.fileName,
    name: row.name ?? row.wantedName,
    position: row.position,
    isVideo: image.isVideo,
    format: image.format,
    title: image.title,
    caption: image.caption,
    keywords: image.keywords,
    hidden: image.hidden,
    ...(image.uploadedAt !== undefined && { uploadedAt: image.uploadedAt }),
    ...(image.updatedAt !== undefined && { updatedAt: image.updatedAt }),
    ...(capturedAt !== undefined && !isPlaceholder(capturedAt) && { capturedAt }),
    ...(image.latitude !== undefined && { latitude: image.latitude }),
    ...(image.longitude !== undefined && { longitude: image.longitude }),
    ...(image.altitude !== undefined && { altitude: image.altitude }),
    ...(image.width !== undefined && { width: image.width }),
    ...(image.height !== undefined && { height: image.height }),
    ...(image.webUri !== '' && { webUri: image.webUri }),
    raw: row.record,
  }
}

/** A file kept with an image has the image's facts, except those of the image's own file. */
function companionOf({ record, wantedName }: ListingRow): ReturnType<typeof factsOf> {
  const { FileName } = Object(record.Component)
  const { extension } = splitExtension(wantedName)
  return {
    ...factsOf(record, 'catalog'),
    fileName: typeof FileName === 'string' && FileName !== '' ? FileName : wantedName,
    format: extension.slice(1).toUpperCase(),
    isVideo: false,
    width: undefined,
    height: undefined,
  }
}

/** A digest of what an exporter sees of an album; if it changes, the exporter may want to move what it has of it. */
export function albumDigest(album: Album, options: Readonly<Record<string, unknown>>): string {
  return digest([album.directory, album.urlPath, album.path, album.name, album.description, options])
}

/**
 * As `albumDigest`, for an image in it, including the path that the exporter wants for it, if any. The record itself is left out, because some
 * of its fields change by themselves.
 */
export function imageDigest(
  { raw: _, position: __, component: ___, ...image }: Image,
  ofAlbum: string,
  path?: string,
): string {
  return digest([ofAlbum, image, ...(path === undefined ? [] : [path])])
}

function describeFolder(row: FolderRow): Folder {
  return { id: row.id, name: row.name, urlName: row.urlName, raw: row.raw }
}

function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value)).slice(0, 32)
}
