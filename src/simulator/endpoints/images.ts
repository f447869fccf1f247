import { type Call, type Endpoint, type Found, NOT_FOUND } from '../resource.ts'
import type { Album, Image } from '../world.ts'
import { albumList } from './albums.ts'
import { imageEntity } from './image-entity.ts'
import {
  componentEntities,
  downloadFields,
  largestImageFields,
  largestVideoFields,
  sizeDetailsFields,
  sizesFields,
} from './image-files.ts'
import { metadataFields } from './image-metadata.ts'
import { isListed, isLocked, isReachable } from './visibility.ts'

/** Images, in albums and by themselves, and their files (smugmug-api 4.4, 4.7, 4.8). */
export const imageEndpoints: Record<string, Endpoint> = {
  image: {
    doc: 'image',
    locator: 'Image',
    type: 'Image',
    about: 'Image by key',
    find(call) {
      if (call.ids.length === 1) return withImage(call, '', (image) => ({ one: imageEntity(image, undefined, call) }))
      const images = call.ids.map((id) => imageOf(call, id)).filter((image) => image !== undefined)
      return images.length === 0 ? NOT_FOUND : { many: images.map((image) => imageEntity(image, undefined, call)) }
    },
  },
  'album/image': {
    locator: 'AlbumImage',
    type: 'AlbumImage',
    about: 'Image from album',
    find: (call) => withAlbumImage(call, (image, album) => ({ one: imageEntity(image, album, call) })),
  },
  'image!metadata': imageAction('ImageMetadata', 'Metadata for image', metadataFields),
  'image!sizes': imageAction('ImageSizes', 'Sizes available for image', sizesFields),
  'image!sizedetails': imageAction('ImageSizeDetails', 'Detailed size information for image', sizeDetailsFields),
  'image!largestimage': imageAction('LargestImage', 'Largest size available for image', largestImageFields),
  'image!largestvideo': imageAction('LargestVideo', 'Largest size available for video', largestVideoFields),
  'image!download': imageAction('ImageDownload', 'Download image', downloadFields),
  'album/image!metadata': imageAction('AlbumImageMetadata', 'Metadata for AlbumImage', metadataFields),
  'album/image!download': imageAction('AlbumImageDownload', 'Download the image from the album', downloadFields),
  'library/asset!components': {
    locator: 'Component',
    type: 'Components',
    about: 'Components of the asset',
    pageSize: 10,
    find: (call) => components(call),
  },
  'image!albums': {
    locator: 'Album',
    type: 'ImageAlbums',
    about: 'Albums the image is included in',
    pageSize: 10,
    find: (call) =>
      withImage(call, '!albums', (image) => {
        const albums = image.albums.filter((album) => isListed(album, call.viewer))
        return albumList(albums, call)
      }),
  },
}

/** What SmugMug Source keeps with an image, its own file among it; closed to the keys of other people's applications (real-answers 3.7) unless the world says otherwise. */
function components(call: Call): Found {
  const { world, viewer } = call
  const image = imageOf(call, call.ids[0] ?? '')
  if (!image || !viewer.isOwner || world.source === 'closed') return NOT_FOUND
  return { many: componentEntities(image, call) }
}

/** An object about one image; `fields` gives nothing if the image has none. */
function imageAction(
  name: string,
  about: string,
  fields: (image: Image, call: Call) => Record<string, unknown> | undefined,
): Endpoint {
  const find = (image: Image, call: Call, uri: string): Found => {
    const record = fields(image, call)
    return record ? { one: { uri, about, fields: record, links: {} } } : NOT_FOUND
  }
  const action = `!${name.replace(/^(Album)?Image(?!$)/, '').toLowerCase()}`
  return {
    locator: name,
    type: name,
    about,
    find: (call) =>
      name.startsWith('Album')
        ? withAlbumImage(call, (image, album) =>
            find(image, call, `/api/v2/album/${album.key}/image/${image.key}-${image.serial}${action}`),
          )
        : withImage(call, action, (image) => find(image, call, `/api/v2/image/${image.key}-${image.serial}${action}`)),
  }
}

/** An image by `KEY-SERIAL`. Without serial, or with another one, the object has a new address (smugmug-api 0.7, real-answers 4.5). */
function withImage(call: Call, action: string, found: (image: Image) => Found): Found {
  const id = call.ids[0] ?? ''
  const image = imageOf(call, id)
  if (!image) return NOT_FOUND
  const serial = /-(\d+)$/.exec(id)?.[1]
  if (Number(serial ?? -1) !== image.serial) return { moved: `/api/v2/image/${image.key}-${image.serial}${action}` }
  return found(image)
}

function withAlbumImage(call: Call, found: (image: Image, album: Album) => Found): Found {
  const [albumKey = '', id = ''] = call.ids
  const album = call.world.albums.get(albumKey)
  const image = imageOf(call, id)
  if (!album || !image?.albums.includes(album) || !isReachable(album, call.viewer)) return NOT_FOUND
  return isLocked(album, call.viewer) ? { refused: 403 } : found(image, album)
}

function imageOf({ world, viewer }: Call, id: string): Image | undefined {
  const image = world.images.get(id.replace(/-\d+$/, ''))
  const isSeen = image?.albums.some((album) => isReachable(album, viewer) && !isLocked(album, viewer))
  return isSeen && (viewer.isOwner || !image?.hidden) ? image : undefined
}
