import { World } from '../simulator/world.ts'

/** A small account with one of everything: every text field of a picture, and the same name, day and title twice. */
export function sample(): World {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  world.addImage(rome, {
    fileName: 'IMG_1.JPG',
    capturedAt: '2019-05-01T10:00:01',
    title: 'At the fountain',
    caption: 'Before 8/9 in the morning,\nnobody "else": \\o/',
    keywords: ['fountain', 'early, very', 'Rome/Trevi'],
    gps: { latitude: 41.900932, longitude: 12.483313, altitude: 28 },
  })
  world.addImage(rome, { fileName: 'IMG_1.JPG' })
  world.addVideo(rome, { fileName: 'Forum.MOV' })
  world.addAlbum({ name: 'Empty', in: travel })
  const best = world.addAlbum({ name: 'Bäst of: 2019?' })
  world.addImage(best, { fileName: 'ü.jpg', title: 'Über allen Gipfeln' })
  world.addImage(best, { fileName: 'IMG_1.JPG', capturedAt: '2019-05-01T18:30:00', title: 'At the fountain' })
  return world
}
