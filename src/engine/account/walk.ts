import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import { SmugdlError } from '../../error.ts'
import { clashKey } from '../../exporter/clash-key.ts'
import { safeName } from '../../exporter/safe-name.ts'
import { type NamedEntry, uniqueNames } from '../../exporter/unique-names.ts'
import { type Album, albumsByKey, albumsOf } from '../../smugmug/api/album.ts'
import type { AlbumKey } from '../../smugmug/api/keys.ts'
import { childrenOf, type Node } from '../../smugmug/api/node.ts'
import type { User } from '../../smugmug/api/user.ts'
import type { Api } from '../../smugmug/api.ts'

/** Names at the root of an output that no folder, album or file may get. */
const takenAtRoot = ['.smugdl']

export interface WalkParts {
  api: Api
  catalog: Catalog
  now: number
  /** What the exporters of this run reserve (`Exporter.reserves`), and plugins' folders. */
  reserved: readonly string[]
  /** Read the folder tree whatever the catalog holds. */
  full: boolean
  /** Milliseconds after which the tree is read again. */
  relistAfterMs: number
  notice(text: string): void
  detail(text: string): void
}

export interface Walked {
  albums: number
  folders: number
  /** Why the account may hold albums that were not found, each a sentence; none where one of the two ways was read whole. */
  doubts: string[]
}

/**
 * Brings the catalog's folders and albums to what the account has now.
 *
 * The flat list names every album in few requests, but no folder; the tree names folders and albums, for a request a folder. The list
 * is read on every run, the tree when the list shows something that the catalog does not explain. Where both were read, an album that
 * either has is taken.
 */
export async function walk(user: User, parts: WalkParts): Promise<Walked> {
  const { catalog, now } = parts
  const flat = await readFlatList(user, parts)
  const tree = needsTree(flat, parts) ? await readTree(user, parts) : undefined
  const albums = tree === undefined ? (flat ?? []) : await joined(flat, tree, parts)
  const folders = foldersOf(tree, catalog)
  const known = new Map<string, AlbumRow>()
  for (const row of catalog.albums.all()) known.set(row.key, row)
  const placed = place(albums, folders, known, tree, parts)

  catalog.transaction(() => {
    catalog.folders.replaceAll(placed.folders)
    for (const album of placed.albums) {
      catalog.albums.put(album)
      known.delete(album.key)
    }
    for (const [key, row] of known) {
      // What could not be looked at is not gone.
      if (row.goneAt !== undefined || (flat === undefined && tree?.complete !== true)) continue
      catalog.albums.markGone(key, now)
      catalog.listings.markAlbumGone(key, now)
      catalog.complete.clear(key)
      catalog.failures.clear(key, '', '')
      catalog.failures.clearGone(key)
    }
    const account = catalog.account.get()
    if (tree !== undefined && account !== undefined) {
      catalog.account.put({ ...account, treeWalkedAt: tree.complete ? now : undefined })
    }
  })
  return { albums: placed.albums.length, folders: placed.folders.length, doubts: doubtsIn(flat, tree, albums) }
}

/** Undefined where SmugMug does not give the list: two accounts are known that got 404 for days (smugmug-api 7.2). */
async function readFlatList(user: User, { api, notice }: WalkParts): Promise<Album[] | undefined> {
  const albums: Album[] = []
  try {
    for await (const album of albumsOf(api, user)) albums.push(album)
    return albums
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    notice(`SmugMug's list of all albums could not be read whole (${error.what}); the folders are read instead.`)
    return undefined
  }
}

function needsTree(flat: Album[] | undefined, { catalog, full, relistAfterMs, now }: WalkParts): boolean {
  const walkedAt = catalog.account.get()?.treeWalkedAt
  if (full || flat === undefined || walkedAt === undefined || now - walkedAt >= relistAfterMs) return true
  // An album that only the folders have is in no list; one that was removed is asked for this once.
  const unlisted = new Set(catalog.albums.keys())
  for (const { key } of flat) unlisted.delete(key)
  if (unlisted.size > 0) return true
  return flat.some((album) => {
    const row = catalog.albums.get(album.key)
    return row === undefined || row.goneAt !== undefined || row.urlPath !== album.urlPath || row.nodeId !== album.nodeId
  })
}

/** Of folders that could not be read, what is known of them from before. */
function foldersOf(tree: Tree | undefined, catalog: Catalog): Tree['folders'] {
  if (tree === undefined) return catalog.folders.all()
  if (tree.complete) return tree.folders
  const seen = new Set(tree.folders.map(({ id }) => id))
  return [...tree.folders, ...catalog.folders.all().filter(({ id }) => !seen.has(id))]
}

interface Tree {
  folders: Omit<FolderRow, 'directoryName'>[]
  /** Albums by key, with the folder around each; undefined at the root. */
  albums: Map<AlbumKey, { folder: string | undefined }>
  /** Albums that hold files of the web site ("System Album"), no pictures of the person's. */
  passedOver: Set<AlbumKey>
  /** Every folder could be read. */
  complete: boolean
}

/** A request a folder and page; folders side by side, as many as the pacer lets. */
async function readTree(user: User, { api, notice }: WalkParts): Promise<Tree> {
  const tree: Tree = { folders: [], albums: new Map(), passedOver: new Set(), complete: true }
  const seen = new Set<string>()
  const read = async (uri: string, parent: Node | undefined): Promise<void> => {
    const below: Promise<void>[] = []
    try {
      for await (const node of childrenOf(api, uri)) {
        if (node.albumKey !== undefined) {
          if (node.type === 'Album') tree.albums.set(node.albumKey, { folder: parent?.id })
          else tree.passedOver.add(node.albumKey)
        }
        if (node.type !== 'Folder' || seen.has(node.id)) continue
        seen.add(node.id)
        tree.folders.push(folderOf(node, parent))
        if (node.hasChildren) below.push(read(node.childrenUri, node))
      }
    } catch (error) {
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
      tree.complete = false
      const name = parent === undefined ? 'The top folder' : `The folder "${parent.name}" (${parent.urlPath})`
      notice(
        `${name} could not be read whole (${error.what}); albums in it are taken from SmugMug's list of all albums.`,
      )
    }
    await Promise.all(below)
  }
  if (user.nodeUri !== undefined) await read(`${user.nodeUri}!children`, undefined)
  else {
    tree.complete = false
    notice('SmugMug does not name the top folder of this account; folders get the names in their web addresses.')
  }
  return tree
}

function folderOf(node: Node, parent: Node | undefined): Tree['folders'][number] {
  return {
    id: node.id,
    parent: parent?.id,
    name: node.name || node.urlName,
    urlName: node.urlName,
    urlPath: node.urlPath,
    raw: node.raw,
  }
}

/** All albums that the list or the tree has; those that only the tree has are asked for. */
async function joined(flat: Album[] | undefined, tree: Tree, { api, notice, detail }: WalkParts): Promise<Album[]> {
  const albums = flat ?? []
  const listed = new Set(albums.map((album) => album.key))
  const onlyInTree = new Set([...tree.albums.keys()].filter((key) => !listed.has(key)))
  for await (const album of albumsByKey(api, [...onlyInTree])) {
    albums.push(album)
    onlyInTree.delete(album.key)
    if (flat !== undefined)
      notice(`The album "${album.name}" is in the folders but not in SmugMug's list of all albums; it is downloaded.`)
  }
  for (const key of onlyInTree) notice(`The folders name an album with the key ${key} that SmugMug does not have.`)
  if (tree.complete) {
    for (const album of albums) {
      if (!tree.albums.has(album.key) && !tree.passedOver.has(album.key))
        notice(`The album "${album.name}" is in SmugMug's list of all albums but in no folder; it is downloaded.`)
    }
  }
  detail(`Albums: ${albums.length} in all, ${tree.albums.size} in the folders`)
  return albums
}

function doubtsIn(flat: Album[] | undefined, tree: Tree | undefined, albums: readonly Album[]): string[] {
  if (tree === undefined) return []
  const found = new Set(albums.map((album) => album.key))
  const withheld = [...tree.albums.keys()].filter((key) => !found.has(key))
  return [
    ...(flat === undefined && !tree.complete
      ? ['Neither the list of all albums nor the folders could be read whole']
      : []),
    ...withheld.map((key) => `The folders name an album with the key ${key} that SmugMug does not give`),
  ]
}

/** Gives folders and albums their place and their name on disk. */
function place(
  albums: readonly Album[],
  bare: readonly (Omit<FolderRow, 'directoryName'> & { directoryName?: string })[],
  known: ReadonlyMap<string, AlbumRow>,
  tree: Tree | undefined,
  { catalog, reserved }: WalkParts,
): { folders: FolderRow[]; albums: Omit<AlbumRow, 'goneAt' | 'listed'>[] } {
  const before = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const byPath = new Map(bare.map((folder) => [folder.urlPath, folder.id]))
  const folders = [...bare]
  const ids = new Set(folders.map((folder) => folder.id))

  /** The folder of an album that no folder names: by its web address, with folders made up from it where they are unknown. */
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
  const folderOfAlbum = (album: Album): string | undefined => {
    const inTree = tree?.albums.get(album.key)
    if (inTree !== undefined) return inTree.folder
    const row = known.get(album.key)
    if (row !== undefined && row.urlPath === album.urlPath && (row.folder === undefined || ids.has(row.folder)))
      return row.folder
    return byAddress(album.urlPath)
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
      raw: album.raw,
    })),
  }
}

interface Entry extends NamedEntry {
  isAlbum: boolean
  isFile: false
}

/** Names beside albums that exporters will write files under (`*.zip`), less those that were given before: a name once given stays. */
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
