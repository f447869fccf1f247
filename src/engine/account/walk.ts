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
 * either has is taken. What neither has and the catalog knows is asked for by its key: no list alone makes an album gone.
 *
 * Throws `unreachable` when there is no album at all although something says that there are.
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
function foldersOf(tree: Tree | undefined, catalog: Catalog): BareFolder[] {
  if (tree === undefined) return catalog.folders.all()
  if (tree.complete) return tree.folders
  const seen = new Set(tree.folders.map(({ id }) => id))
  return [...tree.folders, ...catalog.folders.all().filter(({ id }) => !seen.has(id))]
}

interface Tree {
  folders: Omit<FolderRow, 'directoryName'>[]
  albums: Map<AlbumKey, Placed>
  /** Albums that hold files of the web site ("System Album"), no pictures of the user's. */
  passedOver: Set<AlbumKey>
  /** Every folder could be read. */
  complete: boolean
}

/** A request a folder and page; folders side by side, as many as the pacer lets. */
async function readTree(user: User, flat: Album[] | undefined, { api, catalog, notice }: WalkParts): Promise<Tree> {
  const tree: Tree = { folders: [], albums: new Map(), passedOver: new Set(), complete: true }
  const seen = new Set<string>()
  const mayBeEmpty = (flat ?? []).length + (user.imageCount ?? 0) + catalog.albums.keys().length === 0
  const read = async (uri: string, parent: Node | undefined, depth: number): Promise<void> => {
    // What ends the run there, heard of at once: the pages of this folder may still be coming.
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

/** SmugMug's own limit is seven or so (smugmug-api 4.1); a tree without a ground is none. */
const deepest = 50

/** What is said to have children and lists none is asked once more, and then not believed. */
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
 * All albums that the list or the tree has, and those that only the catalog knows and SmugMug still gives. `withheld`: why it does not
 * give an album that must be there, or may be, by key. `whole`: one of the two ways gave all
 * that are known to be there, so that it may be believed to have given all.
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

/** An account without an album is believed only where nothing contradicts: not what it counts, not what could not be read, not what was there before. */
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
