import { type Call, dateText, type Endpoint, type Entity, type Found, listOf, NOT_FOUND } from '../resource.ts'
import { type Album, effectivePrivacy, urlPathOf } from '../world.ts'
import { folderUri, userUri } from './addresses.ts'
import { imageEntity } from './image-entity.ts'
import { isLocked, isReachable } from './visibility.ts'

/** Albums and what they hold (smugmug-api 4.3). */
export const albumEndpoints: Record<string, Endpoint> = {
  album: {
    doc: 'album',
    locator: 'Album',
    type: 'Album',
    about: 'Album by key',
    find(call) {
      const albums = call.ids.map((key) => call.world.albums.get(key)).filter((album) => album !== undefined)
      const entities = albums
        .filter((album) => isReachable(album, call.viewer))
        .map((album) => albumEntity(album, call))
      const [one] = entities
      if (!one) return NOT_FOUND
      return call.ids.length > 1 ? { many: entities } : { one }
    },
  },
  'album!images': {
    locator: 'AlbumImage',
    type: 'AlbumImages',
    about: 'Images from album',
    pageSize: 100,
    parameters: ['FileNames', 'SkuId'],
    find(call) {
      const album = call.world.albums.get(call.ids[0] ?? '')
      if (!album || !isReachable(album, call.viewer)) return NOT_FOUND
      if (isLocked(album, call.viewer)) return imageList([], album, call)
      const names = call.query.get('FileNames')?.split(',').map(decodeURIComponent)
      const sees = ({ hidden, fileName }: { hidden: boolean; fileName: string }) =>
        (call.viewer.isOwner || !hidden) && (names === undefined || names.includes(fileName))
      const shown = album.ghosts.length === 0 ? album.images : [...album.images, ...album.ghosts]
      const images = call.viewer.isOwner && names === undefined ? shown : shown.filter(sees)
      return imageList(images, album, call)
    },
  },
  'album!download': {
    locator: 'Download',
    type: 'AlbumDownload',
    about: 'Download album',
    find: (call) => (call.world.albums.has(call.ids[0] ?? '') ? { many: [] } : NOT_FOUND),
  },
}

function imageList(images: Album['images'], album: Album, call: Call): Found {
  return {
    list: listOf(
      images,
      (image) => image.key,
      (image) => imageEntity(image, album, call),
    ),
  }
}

export function albumList(albums: readonly Album[], call: Call): Found {
  return {
    list: listOf(
      albums,
      (album) => album.key,
      (album) => albumEntity(album, call),
    ),
  }
}

function albumEntity(album: Album, call: Call): Entity {
  const { world, viewer } = call
  const uri = `/api/v2/album/${album.key}`
  const unlisted = effectivePrivacy(album) !== 'Public'
  const locked = isLocked(album, viewer)
  const urlPath = urlPathOf(album)
  const stub: Record<string, unknown> = {
    AlbumKey: album.key,
    NodeID: album.id,
    Name: album.name,
    Title: album.name,
    UrlName: album.urlName,
    NiceName: album.urlName,
    UrlPath: urlPath,
    WebUri: `https://${world.user.nickName}.smugmug.com${unlisted ? `${urlPath}/n-${album.id}` : urlPath}`,
    AllowDownloads: album.allowDownloads,
    HasDownloadPassword: false,
    CanShare: true,
    SecurityType: album.password || album.locked ? 'Password' : 'None',
    PasswordHint: '',
  }
  const links: Record<string, string> = {
    Node: `/api/v2/node/${album.id}`,
    NodeCoverImage: `/api/v2/node/${album.id}!cover`,
    HighlightImage: `/api/v2/highlight/node/${album.id}`,
    AlbumShareUris: `${uri}!shareuris`,
    User: userUri(world),
  }
  if (album.parent) {
    links.Folder = folderUri(album.parent, world)
    links.ParentFolders = `${folderUri(album.parent, world)}!parents`
  }
  if (locked) {
    links.UnlockAlbum = `${uri}!unlock`
    return { uri, about: 'Album by key', fields: { ...stub, ResponseLevel: 'Password' }, links }
  }
  links.AlbumImages = `${uri}!images`
  if (album.allowDownloads) links.AlbumDownload = `${uri}!download`
  const fields: Record<string, unknown> = {
    ...stub,
    Description: album.description,
    Keywords: album.keywords,
    ImageCount: album.imageCount ?? album.images.length,
    ImagesLastUpdated: dateText(album.imagesUpdatedAt),
    LastUpdated: dateText(album.updatedAt),
    Protected: false,
    SortMethod: 'Position',
    SortDirection: 'Ascending',
    EXIF: true,
    Filenames: true,
    Geography: true,
    External: true,
    CanBuy: true,
    ResponseLevel: viewer.isOwner ? 'Full' : 'Public',
  }
  if (viewer.isOwner) {
    const bytes = () => album.images.reduce((sum, image) => sum + image.size, 0)
    Object.assign(fields, {
      Privacy: effectivePrivacy(album),
      Password: '',
      ...(album.cover && { HighlightAlbumImageUri: `${uri}/image/${album.cover.key}-${album.cover.serial}` }),
      Date: dateText(album.addedAt),
      OriginalSizes: bytes,
      TotalSizes: () => bytes() * 2,
      LargestSize: 'Original',
      MaxPhotoDownloadSize: 'Original',
      WorldSearchable: 'Inherit from User',
      SmugSearchable: 'Inherit from User',
    })
  }
  return { uri, about: 'Album by key', fields, links }
}
