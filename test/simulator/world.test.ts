import { describe, expect, test } from 'vitest'
import { bigWorld } from '../../src/simulator/big.ts'
import { listing } from '../../src/simulator/listing.ts'
import { type Album, type Image, urlPathOf, World } from '../../src/simulator/world.ts'

function smallWorld() {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  const paris = world.addAlbum({ name: 'Paris', in: travel })
  const first = world.addImage(rome)
  const second = world.addImage(rome)
  return { world, travel, rome, paris, first, second }
}

const dates = ({ updatedAt, imagesUpdatedAt }: Album) => ({ updatedAt, imagesUpdatedAt })

/** Which of an album's dates and an image's date an act moves. */
function moved(album: Album, image: Image, act: () => void) {
  const before = { ...dates(album), image: image.updatedAt }
  act()
  const names: string[] = []
  if (album.updatedAt > before.updatedAt) names.push('LastUpdated')
  if (album.imagesUpdatedAt > before.imagesUpdatedAt) names.push('ImagesLastUpdated')
  if (image.updatedAt > before.image) names.push('Image.LastUpdated')
  return names
}

describe('dates move as smugmug-api 9.6 documents', () => {
  test('ImagesLastUpdated when images come, go, are collected or rearranged', () => {
    const { world, rome, paris, first, second } = smallWorld()
    expect(moved(rome, first, () => world.addImage(rome))).toEqual(['ImagesLastUpdated'])
    expect(moved(rome, first, () => world.rearrange(rome, rome.images.toReversed()))).toEqual(['ImagesLastUpdated'])
    expect(moved(paris, first, () => world.collect(first, paris))).toEqual(['ImagesLastUpdated'])
    expect(moved(rome, first, () => world.moveImage(second, rome, paris))).toEqual(['ImagesLastUpdated'])
    expect(moved(rome, first, () => world.removeImage(first, rome))).toEqual(['ImagesLastUpdated'])
  })

  test('only the image’s own date when it is edited or replaced, unless the world is told otherwise', () => {
    const { world, rome, first } = smallWorld()
    expect(moved(rome, first, () => world.editImage(first, { caption: 'New' }))).toEqual(['Image.LastUpdated'])
    expect(moved(rome, first, () => world.replaceImage(first))).toEqual(['Image.LastUpdated'])
    world.editsMoveImagesLastUpdated = true
    expect(moved(rome, first, () => world.replaceImage(first))).toEqual(['ImagesLastUpdated', 'Image.LastUpdated'])
  })

  test('LastUpdated when an album is renamed, none when it or its folder moves', () => {
    const { world, travel, rome, first } = smallWorld()
    expect(moved(rome, first, () => world.rename(rome, 'Roma'))).toEqual(['LastUpdated'])
    expect(moved(rome, first, () => world.moveNode(rome, world.addFolder({ name: 'Italy' })))).toEqual([])
    expect(moved(rome, first, () => world.rename(travel, 'Journeys'))).toEqual([])
  })
})

describe('a change keeps the world whole', () => {
  test('replacing gives a new serial and other bytes under the same key', () => {
    const { world, first } = smallWorld()
    const [before] = listing(world)
    world.replaceImage(first, { size: 12_345 })
    const [after] = listing(world)
    expect(after).toMatchObject({ imageKey: before?.imageKey, serial: 1, size: 12_345 })
    expect(after?.md5).not.toBe(before?.md5)
  })

  test('an image lives as long as one album holds it', () => {
    const { world, rome, paris, first } = smallWorld()
    world.collect(first, paris)
    world.removeImage(first, rome)
    expect(world.images.get(first.key)).toBe(first)
    expect(first.albums).toEqual([paris])
    world.removeNode(paris)
    expect(world.images.has(first.key)).toBe(false)
  })

  test('removing a folder removes what is in it', () => {
    const { world, travel } = smallWorld()
    world.removeNode(travel)
    expect([world.albums.size, world.images.size, world.nodes.size]).toEqual([0, 0, 1])
    expect([...listing(world)]).toEqual([])
  })

  test('names may be the same, addresses may not', () => {
    const { world, travel, rome } = smallWorld()
    const twin = world.addAlbum({ name: 'Rome', in: travel })
    expect([urlPathOf(rome), urlPathOf(twin)]).toEqual(['/Travel/Rome', '/Travel/Rome-1'])
    world.rename(rome, 'Ünïted / Колизей', {})
    expect([rome.name, urlPathOf(rome)]).toEqual(['Ünïted / Колизей', '/Travel/U-ni-ted'])
    world.rename(rome, 'Roma', { keepUrl: true })
    expect(urlPathOf(rome)).toBe('/Travel/U-ni-ted')
  })

  test('keys have the length and letters of real ones and are never taken twice', () => {
    const { world } = smallWorld()
    const album = world.addAlbum({ name: 'Many' })
    for (let i = 0; i < 500; i++) world.addImage(album)
    expect(world.images.size).toBe(502)
    for (const key of world.images.keys()) expect(key).toMatch(/^[A-Za-z0-9]{7}$/)
    expect(album.key).toMatch(/^[A-Za-z0-9]{6}$/)
    expect(() => world.addImage(album, { key: album.images[0]?.key ?? '' })).toThrow('two images'.replace('t', 'T'))
  })

  test('a folder cannot be moved into itself', () => {
    const { world, travel } = smallWorld()
    const inner = world.addFolder({ name: 'Inner', in: travel })
    expect(() => world.moveNode(travel, inner)).toThrow('into itself')
  })
})

test('bigWorld() holds 100,000 images without their bytes', () => {
  const before = process.memoryUsage().arrayBuffers
  const world = bigWorld({ albums: 100, imagesPerAlbum: 1000, bytes: 5_000_000 })
  expect(world.images.size).toBe(100_000)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  const [first] = listing(world)
  expect(first?.size).toBe(5_000_000)
})

test('a part of an address may begin with a digit', () => {
  const world = new World()
  expect([world.addFolder({ name: '2016' }).urlName, world.addFolder({ name: '– lakes' }).urlName]).toEqual([
    '2016',
    'Lakes',
  ])
})
