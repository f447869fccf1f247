import { World } from '../simulator/world.ts'

/** A small account with one of everything. */
export function sample(): World {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  world.addImage(rome, { fileName: 'IMG_1.JPG', capturedAt: '2019-05-01T10:00:01' })
  world.addImage(rome, { fileName: 'IMG_1.JPG' })
  world.addVideo(rome, { fileName: 'Forum.MOV' })
  world.addAlbum({ name: 'Empty', in: travel })
  const best = world.addAlbum({ name: 'Bäst of: 2019?' })
  world.addImage(best, { fileName: 'ü.jpg', title: 'Über allen Gipfeln' })
  return world
}
