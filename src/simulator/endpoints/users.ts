import { type Call, type Endpoint, type Entity, NOT_FOUND } from '../resource.ts'
import { albumsBelow } from '../world.ts'
import { folderUri, userUri } from './addresses.ts'
import { albumList } from './albums.ts'
import { isListed } from './visibility.ts'

/** Users (smugmug-api 4.2). A user is known by nickname only. */
export const userEndpoints: Record<string, Endpoint> = {
  '!authuser': {
    locator: 'User',
    type: 'User',
    about: 'User By Auth',
    find: (call) => (call.viewer.isSigned ? { one: userEntity(call) } : { refused: 401, message: 'Unauthorized' }),
  },
  '!siteuser': { locator: 'User', type: 'User', about: 'User By Site', find: (call) => ({ one: userEntity(call) }) },
  user: {
    locator: 'User',
    type: 'User',
    about: 'User By Nickname',
    doc: 'user',
    find: (call) => (isUser(call) ? { one: userEntity(call) } : NOT_FOUND),
  },
  'user!albums': {
    locator: 'Album',
    type: 'UserAlbums',
    about: "All of user's albums",
    pageSize: 50,
    parameters: ['Order'],
    find(call) {
      if (!isUser(call)) return NOT_FOUND
      const albums = [...albumsBelow(call.world.root)].filter((album) => isListed(album, call.viewer))
      return albumList(albums, call)
    },
  },
}

/** Relations of a user whose addresses say what they are called. */
const FOR_ALL = [
  'BioImage',
  'CoverImage',
  'UrlPathLookup',
  'UserFeaturedAlbums',
  'UserGeoMedia',
  'UserImageSearch',
].concat(['UserPopularMedia', 'UserProfile', 'UserRecentImages', 'UserTopKeywords'])
const FOR_OWNERS = ['DuplicateImageSearch', 'Features', 'SiteSettings', 'UserAlbumTemplates', 'UserAssetsAlbum'].concat(
  ['UserContacts', 'UserDeletedAlbums', 'UserDeletedFolders', 'UserDeletedPages', 'UserGrants', 'UserTasks'],
)

function isUser({ ids, world }: Call): boolean {
  return ids[0]?.toLowerCase() === world.user.nickName.toLowerCase()
}

function userEntity({ world, viewer }: Call): Entity {
  const { nickName, name } = world.user
  const uri = userUri(world)
  const fields: Record<string, unknown> = {
    NickName: nickName,
    Name: name,
    RefTag: 'Ab3xY',
    QuickShare: true,
    ViewPassHint: '',
    WebUri: `https://${nickName}.smugmug.com`,
    ResponseLevel: viewer.isOwner ? 'Full' : 'Public',
  }
  if (viewer.isOwner) {
    const bytes = () => String(world.images.values().reduce((sum, { size }) => sum + size, 0))
    const [first = '', ...rest] = name.split(' ')
    Object.assign(fields, {
      AccountStatus: 'Active',
      FirstName: first,
      LastName: rest.join(' '),
      ImageCount: world.user.imageCount ?? world.images.size,
      Plan: 'Portfolio',
      IsTrial: false,
      SortBy: 'Position',
      Domain: '',
      DomainOnly: '',
      TotalAccountSize: bytes,
      TotalUploadedSize: bytes,
    })
  }
  const links: Record<string, string> = {
    Node: `/api/v2/node/${world.root.id}`,
    Folder: folderUri(world.root, world),
    UserAlbums: `${uri}!albums`,
  }
  for (const name of viewer.isOwner ? [...FOR_ALL, ...FOR_OWNERS] : FOR_ALL)
    links[name] = `${uri}!${name.replace(/^User/, '').toLowerCase()}`
  return { uri, about: 'User By Nickname', fields, links }
}
