import { type Call, dateText, type Endpoint, type Entity, type Found, listOf, NOT_FOUND } from '../resource.ts'
import { type Album, albumsBelow, type Folder, urlPathOf } from '../world.ts'
import { folderUri, userUri } from './addresses.ts'
import { albumList } from './albums.ts'
import { isListed, isReachable } from './visibility.ts'

/** Folders by path and by id, the deprecated view of the tree that older clients use (smugmug-api 4.6). */
export const folderEndpoints: Record<string, Endpoint> = {
  'folder/id': {
    locator: 'Folder',
    type: 'FolderByID',
    about: 'Get folder by its ID',
    find(call) {
      const node = call.world.nodes.get(call.ids[0] ?? '')
      return node?.type === 'Folder' && isReachable(node, call.viewer) ? { one: folderEntity(node, call) } : NOT_FOUND
    },
  },
  'folder/user': {
    locator: 'Folder',
    type: 'Folder',
    about: 'A folder or legacy (sub)category by UrlPath',
    find: (call) => withFolder(call, (folder) => ({ one: folderEntity(folder, call) })),
  },
  'folder/user!parents': {
    locator: 'Folder',
    type: 'ParentFolders',
    about: 'The sequence of parent folders, from the given folder to the root',
    pageSize: 7,
    find: (call) =>
      withFolder(call, (folder) => {
        const chain: Folder[] = []
        for (let at: Folder | undefined = folder; at; at = at.parent) chain.push(at)
        return folderList(chain, call)
      }),
  },
  'folder/user!folders': {
    locator: 'Folder',
    type: 'Folders',
    about: 'Folders inside of the folder',
    pageSize: 10,
    find: (call) =>
      withFolder(call, ({ children }) =>
        folderList(children.filter((node) => node.type === 'Folder' && isListed(node, call.viewer)) as Folder[], call),
      ),
  },
  'folder/user!albums': {
    locator: 'Album',
    type: 'FolderAlbums',
    about: 'Albums inside of the folder',
    pageSize: 10,
    find: (call) =>
      withFolder(call, ({ children }) => {
        const albums = children.filter((node) => node.type === 'Album' && isListed(node, call.viewer)) as Album[]
        return albumList(albums, call)
      }),
  },
  'folder/user!size': {
    locator: 'Size',
    type: 'Size',
    about: 'Size of folder',
    find: (call) =>
      withFolder(call, (folder) => {
        const albums = [...albumsBelow(folder)]
        const images = albums.flatMap((album) => album.images)
        const fields = {
          FolderCount: [...foldersBelow(folder)].length,
          AlbumCount: albums.length,
          PageCount: 0,
          MediaCount: images.length,
          MediaSize: images.reduce((sum, image) => sum + image.size, 0),
          DynamicMediaCount: 0,
          DynamicMediaSize: 0,
        }
        return { one: { uri: `${folderUri(folder, call.world)}!size`, about: 'Size of folder', fields, links: {} } }
      }),
  },
}

function withFolder(call: Call, found: (folder: Folder) => Found): Found {
  const [nickName, ...path] = call.ids
  if (nickName?.toLowerCase() !== call.world.user.nickName.toLowerCase()) return NOT_FOUND
  let folder = call.world.root
  for (const urlName of path) {
    const next = folder.children.find((node) => node.type === 'Folder' && node.urlName === urlName)
    if (next?.type !== 'Folder') return NOT_FOUND
    folder = next
  }
  return isReachable(folder, call.viewer) ? found(folder) : NOT_FOUND
}

function folderList(folders: readonly Folder[], call: Call): Found {
  return {
    list: listOf(
      folders,
      (folder) => folder.id,
      (folder) => folderEntity(folder, call),
    ),
  }
}

function* foldersBelow(folder: Folder): Generator<Folder> {
  for (const node of folder.children) {
    if (node.type !== 'Folder') continue
    yield node
    yield* foldersBelow(node)
  }
}

function folderEntity(folder: Folder, call: Call): Entity {
  const { world, viewer } = call
  const uri = folderUri(folder, world)
  const fields: Record<string, unknown> = {
    Name: folder.name,
    UrlName: folder.urlName,
    UrlPath: urlPathOf(folder),
    NodeID: folder.id,
    Description: folder.description,
    Keywords: '',
    SecurityType: 'None',
    SortMethod: 'SortIndex',
    SortDirection: 'Ascending',
    PasswordHint: '',
    DateAdded: dateText(folder.addedAt),
    DateModified: dateText(folder.modifiedAt),
    IsEmpty: folder.children.length === 0,
    ResponseLevel: viewer.isOwner ? 'Full' : 'Public',
    WebUri: `https://${world.user.nickName}.smugmug.com${urlPathOf(folder)}`,
  }
  if (viewer.isOwner) fields.Privacy = folder.privacy
  const links = {
    FolderByID: `/api/v2/folder/id/${folder.id}`,
    Node: `/api/v2/node/${folder.id}`,
    User: userUri(world),
    ParentFolders: `${uri}!parents`,
    Folders: `${uri}!folders`,
    FolderAlbums: `${uri}!albums`,
    Size: `${uri}!size`,
  }
  return { uri, about: 'A folder or legacy (sub)category by UrlPath', fields, links }
}
