import { World } from './world.ts'

export interface BigWorldSize {
  albums: number
  imagesPerAlbum: number
  /** Of each image; a picture is never smaller than some hundred bytes. Default: as small as it can be. */
  bytes?: number
  /** What each image says, if anything. */
  caption?: string
}

/** Many small images in many albums, a hundred albums to a folder; holds no bytes. */
export function bigWorld({ albums, imagesPerAlbum, bytes = 0, caption = '' }: BigWorldSize): World {
  const world = new World({ nickName: 'bigjane', name: 'Jane Big' })
  let folder = world.root
  for (let i = 0; i < albums; i++) {
    if (i % 100 === 0) folder = world.addFolder({ name: `Year ${2000 + i / 100}` })
    const album = world.addAlbum({ name: `Album ${i + 1}`, in: folder })
    for (let j = 0; j < imagesPerAlbum; j++) world.addImage(album, { size: bytes, caption })
  }
  return world
}
