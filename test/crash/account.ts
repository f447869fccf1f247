import { World } from '../../src/simulator/world.ts'

/** Two albums of four pictures with captions, and so with sidecars; one of them in a folder. The same keys each time. */
export function twoAlbums(): World {
  const world = new World()
  world.editsMoveImagesLastUpdated = true
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const bath = world.addAlbum({ name: 'Bath' })
  for (const album of [rome, bath]) {
    for (const fileName of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
      world.addImage(album, { fileName, size: 2000, caption: `${fileName} of ${album.name}` })
  }
  return world
}

/** Something new, replaced, renamed, replaced and renamed, described otherwise and no more, collected, moved and removed, and the album in another folder. */
export function changeEverything(world: World): void {
  const [rome, bath] = [...world.albums.values()]
  const [a, b, c, d] = rome?.images ?? []
  if (!rome || !bath || !a || !b || !c || !d) throw new Error('these are not the two albums')
  world.addImage(rome, { fileName: 'new.jpg', size: 2000, title: 'New' })
  world.replaceImage(a)
  world.editImage(b, { fileName: 'renamed.jpg' })
  world.replaceImage(c)
  world.editImage(c, { fileName: 'both.jpg' })
  world.collect(d, bath)
  const [silent, moved, removed] = bath.images
  world.editImage(d, { caption: 'Seen otherwise' })
  if (silent) world.editImage(silent, { caption: '' })
  if (moved) world.moveImage(moved, bath, rome)
  if (removed) world.removeImage(removed)
  world.moveNode(rome, world.addFolder({ name: 'Journeys' }))
}
