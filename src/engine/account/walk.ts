import type { AlbumRow } from '../../catalog/albums.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import { SmugdlError } from '../../error.ts'
import { type Album, albumsByKey, albumsOf } from '../../smugmug/api/album.ts'
import type { AlbumKey } from '../../smugmug/api/keys.ts'
import { childrenOf, type Node } from '../../smugmug/api/node.ts'
import type { User } from '../../smugmug/api/user.ts'
import type { Api } from '../../smugmug/api.ts'
import { type BareFolder, nameDirectories, type Placed } from './directory-names.ts'

export interface WalkParts {
  api: Api
  catalog: Catalog
  now: number
  /** Names reserved by the exporters of this run (`Exporter.reserves`), and plugins' folders. */
  reserved: readonly string[]
  /** Read the folder tree, whatever the catalog contains. */
  full: boolean
  /** Milliseconds after which the tree is read again. */
  relistAfterMs: number
  notice(text: string): void
  detail(text: string): void
}

export interface Walked {
  albums: number
  folders: number
  /** Why the account may have albums that were not found, each a sentence; empty if the list or the tree was read completely. */
  doubts: string[]
}

/**
 * Updates the catalog's folders and albums to the account's current state.
 *
 * The flat list names every album in few requests, but no folders; the tree names folders and albums, with one request per folder. The list
 * is read on every run, the tree only if the list contains something that the catalog does not explain. If both were read, an album in either
 * counts. An album known to the catalog but in neither is requested by its key: no list alone makes an album gone.
 *
 * Throws `unreachable` if there is no album at all although something indicates that there are.
 */
export async function walk(user: User, parts: WalkParts): Promise<Walked> {
  const { catalog, now } = parts
  const flat = await readFlatList(user, parts)
  const tree = needsTree(flat, parts) ? await readTree(user, flat, parts) : undefined
  const { albums, whole, withheld } = await joined(flat, tree, parts)
  if (albums.length === 0) requireEmpty(user, flat, tree, parts)
  const folders = foldersOf(tree, catalog)
  const known = new Map<string, AlbumRow>()
  for (const row of catalog.albums.all()) known.set(row.key, row)
  const placed = nameDirectories(albums, folders, known, tree?.albums, parts)

  catalog.transaction(() => {
    catalog.folders.replaceAll(placed.folders)
    for (const album of placed.albums) {
      catalog.albums.put(album)
      known.delete(album.key)
    }
    for (const [key, row] of known) {
      if (row.goneAt !== undefined || withheld.has(key)) continue
      catalog.albums.markGone(key, now)
      catalog.listings.markAlbumGone(key, now)
      catalog.complete.clear(key)
      catalog.failures.clear({ album: key, image: '' }, '')
      catalog.failures.clearGone(key)
    }
    const account = catalog.account.get()
    if (tree !== undefined && account !== undefined) {
      catalog.account.put({ ...account, treeWalkedAt: tree.complete ? now : undefined })
    }
  })
  return { albums: placed.albums.length, folders: placed.folders.length, doubts: doubtsIn(whole, withheld) }
}

/** Undefined if SmugMug does not provide the list: two accounts are known that got 404 for days (smugmug-api 7.2). */
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
  // An album that only the folders contain is in no list; a removed one is requested once more.
  const unlisted = new Set(catalog.albums.keys())
  for (const { key } of flat) unlisted.delete(key)
  if (unlisted.size > 0) return true
  return flat.some((album) => {
    const row = catalog.albums.get(album.key)
    return row === undefined || row.goneAt !== undefined || row.urlPath !== album.urlPath || row.nodeId !== album.nodeId
  })
}

/** For folders that could not be read, their contents as known from earlier runs. */
function foldersOf(tree: Tree | undefined, catalog: Catalog): BareFolder[] {
  if (tree === undefined) return catalog.folders.all()
  if (tree.complete) return tree.folders
  const seen = new Set(tree.folders.map(({ id }) => id))
  return [...tree.folders, ...catalog.folders.all().filter(({ id }) => !seen.has(id))]
}

interface Tree {
  folders: Omit<FolderRow, 'directoryName'>[]
  albums: Map<AlbumKey, Placed>
  /** Albums with files of the web site ("System Album"), not the user's pictures. */
  passedOver: Set<AlbumKey>
  /** Every folder could be read. */
  complete: boolean
}

/** Makes one request per folder and page, for as many folders in parallel as the pacer allows. */
async function readTree(user: User, flat: Album[] | undefined, { api, catalog, notice }: WalkParts): Promise<Tree> {
  const tree: Tree = { folders: [], albums: new Map(), passedOver: new Set(), complete: true }
  const seen = new Set<string>()
  const mayBeEmpty = (flat ?? []).length + (user.imageCount ?? 0) + catalog.albums.keys().length === 0
  const read = async (uri: string, parent: Node | undefined, depth: number): Promise<void> => {
    // An error there that ends the run is noticed at once, even while pages of this folder are still arriving.
    const below: Promise<unknown>[] = []
    let fatal: unknown
    try {
      if (depth > deepest) throw new SmugdlError('item', { what: `it is more than ${deepest} folders deep` })
      for await (const node of childrenIn(api, uri, parent === undefined && mayBeEmpty)) {
        if (node.albumKey !== undefined) {
          if (node.type === 'Album') tree.albums.set(node.albumKey, { folder: parent?.id, sortIndex: node.sortIndex })
          else tree.passedOver.add(node.albumKey)
        }
        if (node.type !== 'Folder' || seen.has(node.id)) continue
        seen.add(node.id)
        tree.folders.push(folderOf(node, parent))
        if (node.hasChildren) below.push(read(node.childrenUri, node, depth + 1).catch((error) => error))
      }
    } catch (error) {
      if (error instanceof SmugdlError && error.kind === 'item') {
        tree.complete = false
        const name = parent === undefined ? 'The top folder' : `The folder "${parent.name}" (${parent.urlPath})`
        notice(
          `${name} could not be read whole (${error.what}); albums in it are taken from SmugMug's list of all albums.`,
        )
      } else fatal = error
    }
    for (const error of await Promise.all(below)) fatal ??= error
    if (fatal !== undefined) throw fatal
  }
  if (user.nodeUri !== undefined) await read(`${user.nodeUri}!children`, undefined, 1)
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

/** Maximum depth of the tree. SmugMug's own limit is about seven (smugmug-api 4.1); a deeper one is taken for endless. */
const deepest = 50

/** A folder that claims children but lists none is requested once more; after that the claim is not believed. */
async function* childrenIn(api: Api, uri: string, mayBeEmpty: boolean): AsyncGenerator<Node> {
  for (let reading = 1; reading <= 2; reading++) {
    let isEmpty = true
    for await (const node of childrenOf(api, uri)) {
      isEmpty = false
      yield node
    }
    if (!isEmpty || mayBeEmpty) return
  }
  throw new SmugdlError('item', { what: 'SmugMug says that it has contents, but lists none', item: uri })
}

/**
 * All albums in the list or the tree, and those that only the catalog knows and SmugMug still provides. `withheld`: by key, why SmugMug does
 * not provide an album that exists or may exist. `whole`: the list or the tree contained all known albums, so it is believed to be complete.
 */
async function joined(
  flat: Album[] | undefined,
  tree: Tree | undefined,
  { api, catalog, notice, detail }: WalkParts,
): Promise<{ albums: Album[]; whole: boolean; withheld: Map<string, string> }> {
  const albums = flat ?? []
  const listed = new Set<string>(albums.map((album) => album.key))
  const inTree = new Set<string>(tree?.albums.keys())
  const unlisted = new Set([...inTree, ...catalog.albums.keys()].filter((key) => !listed.has(key)) as AlbumKey[])
  const withheld = new Map<string, string>()
  for await (const [key, answer] of albumsByKey(api, unlisted)) {
    if (answer instanceof SmugdlError) {
      withheld.set(
        key,
        `The album ${nameOf(key, catalog)} is in no list of SmugMug's, which says nothing about it (${answer.what})`,
      )
    } else if (answer !== undefined) {
      albums.push(answer)
      if (!inTree.has(key))
        notice(`The album "${answer.name}" is in no list of SmugMug's, but it is there; it is downloaded.`)
      else if (flat !== undefined)
        notice(
          `The album "${answer.name}" is in the folders but not in SmugMug's list of all albums; it is downloaded.`,
        )
    } else if (inTree.has(key)) {
      notice(`The folders name an album with the key ${key} that SmugMug does not have.`)
      withheld.set(key, `The folders name an album with the key ${key} that SmugMug does not give`)
    }
  }
  if (tree?.complete) {
    for (const album of albums) {
      if (!inTree.has(album.key) && !tree.passedOver.has(album.key) && listed.has(album.key))
        notice(`The album "${album.name}" is in SmugMug's list of all albums but in no folder; it is downloaded.`)
    }
  }
  if (tree !== undefined) detail(`Albums: ${albums.length} in all, ${tree.albums.size} in the folders`)
  const isListed = flat !== undefined && albums.length === listed.size
  const isInAny = albums.every(({ key }) => listed.has(key) || inTree.has(key))
  return { albums, whole: isListed || (tree?.complete === true && isInAny), withheld }
}

function nameOf(key: string, { albums }: Catalog): string {
  const name = albums.get(key)?.name
  return name === undefined ? `with the key ${key}` : `"${name}"`
}

/** An account without albums is believed only if nothing contradicts it: not its own count, no unreadable part, and no albums of earlier runs. */
function requireEmpty(user: User, flat: Album[] | undefined, tree: Tree | undefined, { catalog }: WalkParts): void {
  const known = catalog.albums.keys().length
  const why =
    (user.imageCount ?? 0) > 0
      ? `SmugMug announces ${user.imageCount} pictures and videos and lists no album`
      : known > 0
        ? `SmugMug lists no album, and there ${known === 1 ? 'was one' : `were ${known}`} before`
        : flat === undefined || tree?.complete === false
          ? 'Neither the list of all albums nor the folders could be read whole'
          : undefined
  if (why === undefined) return
  throw new SmugdlError('unreachable', {
    what: why,
    item: user.nickName,
    next: 'Nothing was changed; run again later. "smugdl whoami" shows what the login may see',
  })
}

function doubtsIn(whole: boolean, withheld: ReadonlyMap<string, string>): string[] {
  return [
    ...(whole ? [] : ['Neither the list of all albums nor the folders could be read whole']),
    ...withheld.values(),
  ]
}
