import { type Album, albumsBelow, type Folder, type Image, type Node, World } from '../../src/simulator/world.ts'
import { type AccountStep, fileNames, type ImageKind, nodeNames } from './steps.ts'

/** A small account: two albums that clash by name, one of them in a folder, and three pictures. */
export function smallAccount({ editsAreTold }: { editsAreTold: boolean }): World {
  const world = new World()
  world.editsMoveImagesLastUpdated = editsAreTold
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  const bath = world.addAlbum({ name: 'Bath' })
  world.addImage(rome, { fileName: 'a.jpg', size: 900 })
  world.addImage(rome, { fileName: 'b.jpg', size: 900, capturedAt: '2019-05-01T10:00:00' })
  world.addImage(bath, { fileName: 'a.jpg', size: 900 })
  return world
}

/** Does on SmugMug what the step says. */
export function change(world: World, step: AccountStep): void {
  const albums = [...albumsBelow(world.root)]
  const images = [...world.images.values()]
  const folders = [...world.nodes.values()].filter((node): node is Folder => node.type === 'Folder')
  const nodes = [...world.nodes.values()].filter((node) => node !== world.root)
  const image = 'image' in step ? pick(images, step.image) : undefined
  const album = 'album' in step ? pick(albums, step.album) : undefined
  const folder = 'folder' in step ? pick(folders, step.folder) : undefined
  const node = 'node' in step ? pick(nodes, step.node) : undefined
  switch (step.do) {
    case 'add image':
      if (album) add(world, album, pick(fileNames, step.name) ?? '', step.kind)
      return
    case 'add twin':
      if (album && image && !image.isVideo)
        world.addImage(album, { fileName: pick(fileNames, step.name) ?? '', seed: image.seed, size: image.size })
      return
    case 'remove image':
      if (image) world.removeImage(image, step.fromAll ? undefined : image.albums[0])
      return
    case 'replace image': {
      const twin = step.byTwinOf === undefined ? undefined : pick(images, step.byTwinOf)
      if (image) world.replaceImage(image, twin === undefined ? {} : { seed: twin.seed, size: twin.size })
      return
    }
    case 'edit image':
      if (!image) return
      if (step.what === 'caption') world.editImage(image, { caption: `Caption ${step.to}` })
      else if (step.what === 'name') world.editImage(image, { fileName: pick(fileNames, step.to) ?? '' })
      else world.editImage(image, { capturedAt: `2020-01-0${step.to + 1}T12:00:00` })
      return
    case 'move image':
      if (image && album && image.albums[0] && !image.albums.includes(album))
        world.moveImage(image, image.albums[0], album)
      return
    case 'collect image':
      if (image && album) world.collect(image, album)
      return
    case 'finish processing':
      if (image?.processing) {
        image.processing = false
        image.video = transcode(image)
        for (const each of image.albums) each.imagesUpdatedAt = world.tick()
      }
      return
    case 'rearrange':
      if (album) world.rearrange(album, album.images.toReversed())
      return
    case 'lock or unlock':
      if (album) album.locked = !album.locked
      return
    case 'add album':
      world.addAlbum({ name: pick(nodeNames, step.name) ?? '', in: folder ?? world.root })
      return
    case 'add folder':
      world.addFolder({ name: pick(nodeNames, step.name) ?? '', in: folder ?? world.root })
      return
    case 'rename node':
      if (node) world.rename(node, pick(nodeNames, step.name) ?? '', { keepUrl: step.keepUrl })
      return
    case 'move node':
      if (node && folder && folder !== node.parent && !isIn(folder, node)) world.moveNode(node, folder)
      return
    case 'remove node':
      if (node) world.removeNode(node)
      return
    default:
      step satisfies never
  }
}

export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % list.length]
}

function add(world: World, album: Album, fileName: string, kind: ImageKind): void {
  const size = 900
  switch (kind) {
    case 'photo':
      world.addImage(album, { fileName, size })
      return
    case 'photo without MD5':
      world.addImage(album, { fileName, size, md5: 'absent' })
      return
    case 'photo by a lesser right':
      world.addImage(album, { fileName, size, rights: 'largest' })
      return
    case 'photo refused':
      world.addImage(album, { fileName, size, rights: 'none' })
      return
    case 'video':
      world.addVideo(album, { size, video: { size } })
      return
    case 'video in the works':
      world.addVideo(album, { size, processing: true })
      return
    default:
      kind satisfies never
  }
}

function transcode({ seed, size }: Image): Image['video'] {
  return { ext: 'mp4', seed: seed + 0.5, size, md5: 'given', sizeGiven: true, durationSeconds: 3, largest: true }
}

function isIn(folder: Folder, node: Node): boolean {
  return folder === node || (folder.parent !== undefined && isIn(folder.parent, node))
}
