import { type Album, type Folder, type ImageInit, World } from './world.ts'

/**
 * The account that `smugdl demo` downloads: some 300 images in 15 albums, three folders deep, with every oddity of names
 * and files that real accounts have. Invented, and the same each time.
 */
export function demoWorld(): World {
  const world = new World({ nickName: 'marisol', name: 'Marisol Vega' })
  const travel = world.addFolder({ name: 'Travel' })
  italy(world, world.addFolder({ name: 'Italy', in: travel }))
  north(world, world.addFolder({ name: '北海道 Hokkaidō', in: travel }))
  family(world, world.addFolder({ name: 'Family & Friends' }))
  odds(world, world.addFolder({ name: 'Odds and ends' }))
  world.addAlbum({ name: 'To be sorted' })
  world.addPage({ name: 'About me' })
  fill(world, world.addAlbum({ name: 'Site Files', type: 'System Album', privacy: 'Unlisted' }), 2, 'logo')
  return world
}

/** Three folders deep, a page of exactly 100 images, one image that a second album collects. */
function italy(world: World, folder: Folder): void {
  const rome = world.addFolder({ name: 'Rome', in: folder })
  const walk = world.addAlbum({ name: 'A morning walk', in: rome, description: 'From the river to the hill' })
  fill(world, walk, 100, 'Rome', {
    capturedAt: '2024-04-30T07:12:09',
    gps: { latitude: 41.9057, longitude: 12.4823, altitude: 21 },
  })
  const night = world.addAlbum({ name: 'The city at night 🌙', in: rome })
  const [moon] = fill(world, night, 12, 'Night', {
    keywords: ['night', 'blue hour'],
    capturedAt: '2024-05-01T22:40:00',
  })
  const favourites = world.addAlbum({ name: 'Favourites', in: folder })
  fill(world, favourites, 5, 'Favourite')
  if (moon) world.collect(moon, favourites)
}

/** One more than a page, names in other scripts, composed and decomposed letters. */
function north(world: World, folder: Folder): void {
  const snow = world.addAlbum({ name: '雪の朝', in: folder })
  fill(world, snow, 101, 'Snow', { capturedAt: '2023-01-14T09:30:00' })
  const mixed = world.addAlbum({ name: 'Cafe\u0301s et the\u0301s', in: folder })
  for (const fileName of [
    'Caf\u00e9.jpg',
    'The\u0301 vert.jpg',
    'שקיעה בים.jpg',
    'غروب.jpg',
    'お茶 🍵.png',
    'Straße (1).jpg',
  ])
    world.addImage(mixed, { fileName, ...(fileName.endsWith('.png') ? { format: 'PNG' } : {}) })
}

/** Two albums of one name, videos, a hidden image. */
function family(world: World, folder: Folder): void {
  const [picnic] = fill(world, world.addAlbum({ name: 'Picnic', in: folder }), 9, 'Picnic', { caption: 'By the lake' })
  if (picnic) world.editImage(picnic, { hidden: true })
  fill(world, world.addAlbum({ name: 'Picnic', in: folder }), 7, 'Picnic')
  fill(world, world.addAlbum({ name: 'Sofía’s first steps', in: folder }), 10, 'Sofía')
  const match = world.addAlbum({ name: '5/6 Lions vs Otters', in: folder, privacy: 'Private' })
  fill(world, match, 11, 'Match', { keywords: ['football', 'spring cup'] })
  const birthday = world.addAlbum({ name: "Ana's birthday: the movie?", in: folder, privacy: 'Unlisted' })
  fill(world, birthday, 8, 'Cake')
  world.addVideo(birthday, { fileName: 'Candles.MOV', title: 'Blowing out the candles', video: { size: 380_000 } })
  world.addVideo(birthday, {
    fileName: 'Dancing.MOV',
    title: 'Still being processed',
    processing: true,
    status: 'Preprocess',
  })
}

/** Names that Windows refuses, that differ by case only, that are the same, that are empty. */
function odds(world: World, folder: Folder): void {
  const names = world.addAlbum({ name: 'CON', in: folder })
  for (const fileName of [
    'NUL.jpg',
    'what? why*.jpg',
    'a:b|c.jpg',
    'trailing dot..jpg',
    'back\\slash.jpg',
    '.hidden.jpg',
  ])
    world.addImage(names, { fileName })
  const twins = world.addAlbum({ name: 'Two cameras', in: folder })
  for (const fileName of [
    'DSC_0001.JPG',
    'DSC_0001.JPG',
    'dsc_0001.jpg',
    'DSC_0002.JPG',
    'DSC_0002.jpg',
    'DSC_0003.JPG',
  ])
    world.addImage(twins, { fileName })
  const scans = world.addAlbum({ name: 'Old scans ', in: folder })
  for (let i = 0; i < 4; i++) world.addImage(scans, { fileName: '', format: i % 2 === 0 ? 'JPG' : 'PNG' })
  fill(world, scans, 12, 'Scan', { format: 'PNG', uploadedAt: 0 })
  const large = world.addAlbum({ name: 'Panoramas', in: folder })
  fill(world, large, 3, 'Panorama', { size: 600_000 })
}

function fill(world: World, album: Album, count: number, name: string, init: ImageInit = {}) {
  const ext = init.format === 'PNG' ? 'png' : 'JPG'
  return Array.from({ length: count }, (_, index) =>
    world.addImage(album, { ...init, fileName: `${name} ${String(index + 1).padStart(3, '0')}.${ext}` }),
  )
}
