import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import { clashKey } from '../../exporter/clash-key.ts'
import { safeName } from '../../exporter/safe-name.ts'
import { type NamedEntry, uniqueNames } from '../../exporter/unique-names.ts'
import type { Album } from '../../smugmug/api/album.ts'
import type { AlbumKey } from '../../smugmug/api/keys.ts'

/** Reserved names at the root of an output, which no folder, album or file may get. */
const takenAtRoot = ['.smugdl']

/** A folder, which may already have its name on disk. */
export type BareFolder = Omit<FolderRow, 'directoryName'> & { directoryName?: string }

/** An album's position in the tree: the folder around it, undefined at the root, and its place in that folder, if the user gave it one. */
export interface Placed {
  folder: string | undefined
  sortIndex: number | undefined
}

/** Assigns folders and albums their place and their name on disk. */
export function nameDirectories(
  albums: readonly Album[],
  bare: readonly BareFolder[],
  known: ReadonlyMap<string, AlbumRow>,
  inTree: ReadonlyMap<AlbumKey, Placed> | undefined,
  { catalog, reserved }: { catalog: Catalog; reserved: readonly string[] },
): { folders: FolderRow[]; albums: Omit<AlbumRow, 'goneAt' | 'listed' | 'short'>[] } {
  const before = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const byPath = new Map(bare.map((folder) => [folder.urlPath, folder.id]))
  const folders = [...bare]
  const ids = new Set(folders.map((folder) => folder.id))

  /** The folder of an album that no folder lists: from its web address, with unknown folders created from the address. */
  const byAddress = (urlPath: string): string | undefined => {
    const parentPath = urlPath.slice(0, urlPath.lastIndexOf('/'))
    if (parentPath === '') return undefined
    const found = byPath.get(parentPath)
    if (found !== undefined) return found
    const urlName = parentPath.slice(parentPath.lastIndexOf('/') + 1)
    const made = {
      id: `path:${parentPath}`,
      parent: byAddress(parentPath),
      name: urlName,
      urlName,
      urlPath: parentPath,
      raw: {},
    }
    folders.push(made)
    byPath.set(parentPath, made.id)
    return made.id
  }
  /** An album whose web address is unchanged keeps its folder, even if the tree does not contain that folder. */
  const isKept = (id: string): boolean => {
    if (ids.has(id)) return true
    const folder = before.get(id)
    if (folder === undefined || byPath.has(folder.urlPath)) return false
    if (folder.parent !== undefined && !isKept(folder.parent)) return false
    folders.push(folder)
    ids.add(id)
    byPath.set(folder.urlPath, id)
    return true
  }
  const folderOfAlbum = (album: Album): string | undefined => {
    const inTreeAt = inTree?.get(album.key)
    if (inTreeAt !== undefined) return inTreeAt.folder
    const row = known.get(album.key)
    if (row !== undefined && row.urlPath === album.urlPath && (row.folder === undefined || isKept(row.folder)))
      return row.folder
    return byAddress(album.urlPath)
  }

  /** The place comes with the album's node, which is in the tree but in no list of albums. */
  const withSortIndex = ({ key, raw }: Album): AlbumRow['raw'] => {
    const placedAt = inTree?.get(key)
    const SortIndex = placedAt === undefined ? known.get(key)?.raw.SortIndex : placedAt.sortIndex
    return SortIndex === undefined ? raw : { ...raw, SortIndex }
  }

  // A NodeID and an AlbumKey may be the same text.
  const entryKey = (album: Album) => (ids.has(album.key) ? `${album.key}-album` : album.key)

  const placedAlbums = albums.map((album) => ({ album, folder: folderOfAlbum(album) }))
  const entries = new Map<string | undefined, Entry[]>()
  const enter = (folder: string | undefined, entry: Omit<Entry, 'isFile'>) => {
    const list = entries.get(folder) ?? []
    list.push({ ...entry, isFile: false })
    entries.set(folder, list)
  }
  for (const folder of folders) {
    const old = before.get(folder.id)
    const stays = old !== undefined && old.name === folder.name && old.parent === folder.parent
    const given = stays ? old.directoryName : undefined
    enter(folder.parent, { key: folder.id, displayName: folder.name, given, isAlbum: false })
  }
  for (const { album, folder } of placedAlbums) {
    const old = known.get(album.key)
    const stays = old !== undefined && old.name === album.name && old.folder === folder
    const given = stays ? old.directoryName : undefined
    enter(folder, { key: entryKey(album), displayName: album.name, given, isAlbum: true })
  }
  const names = new Map<string, string>()
  for (const [folder, list] of entries) {
    const taken = folder === undefined ? [...takenAtRoot, ...reserved.filter((name) => !name.startsWith('*'))] : []
    for (const [key, name] of uniqueNames(list, [...taken, ...besideAlbums(list, reserved)])) names.set(key, name)
  }
  const nameOf = (key: string) => {
    const name = names.get(key)
    if (name === undefined) throw new Error(`no name was given to ${key}`)
    return name
  }
  return {
    folders: folders.map((folder) => ({ ...folder, directoryName: nameOf(folder.id) })),
    albums: placedAlbums.map(({ album, folder }) => ({
      key: album.key,
      nodeId: album.nodeId,
      folder,
      name: album.name,
      urlPath: album.urlPath,
      directoryName: nameOf(entryKey(album)),
      imageCount: album.imageCount,
      lastUpdated: album.lastUpdated,
      imagesLastUpdated: album.imagesLastUpdated,
      raw: withSortIndex(album),
    })),
  }
}

interface Entry extends NamedEntry {
  isAlbum: boolean
  isFile: false
}

/** Names of files that exporters write beside albums (`*.zip`), except those already assigned, because a name once given stays. */
function besideAlbums(entries: readonly Entry[], reserved: readonly string[]): string[] {
  const given = new Set(entries.flatMap(({ given }) => (given === undefined ? [] : [clashKey(given)])))
  const albums = entries.filter(({ isAlbum }) => isAlbum)
  return reserved
    .filter((name) => name.startsWith('*'))
    .flatMap((pattern) =>
      albums.map(({ key, displayName, given }) => (given ?? safeName(displayName, key)) + pattern.slice(1)),
    )
    .filter((name) => !given.has(clashKey(name)))
}
