import { expect, test } from 'vitest'
import { demoWorld } from '../../src/simulator/demo.ts'
import { listing } from '../../src/simulator/listing.ts'
import { albumsBelow, foldersAbove } from '../../src/simulator/world.ts'

const world = demoWorld()
const albums = [...albumsBelow(world.root)]
const images = [...listing(world)]
const names = (album: string) => images.filter((image) => image.album === album).map(({ fileName }) => fileName)

test('the demo account has some 300 images in 15 albums three folders deep, and is the same each time', () => {
  expect(albums.length).toBe(15)
  expect(images.length).toBeGreaterThan(290)
  expect(images.length).toBeLessThan(320)
  expect(Math.max(...albums.map((album) => foldersAbove(album).length))).toBe(3)
  expect([...listing(demoWorld())]).toEqual(images)
})

test('it is a few megabytes', () => {
  const bytes = images.reduce((sum, { size }) => sum + size, 0)
  expect(bytes).toBeGreaterThan(2_000_000)
  expect(bytes).toBeLessThan(8_000_000)
  expect(new Set(images.map(({ size }) => size)).size).toBeGreaterThan(100)
})

test('it has every oddity that it promises', () => {
  const sizes = albums.map((album) => album.images.length)
  expect(sizes).toContain(0)
  expect(sizes).toContain(100)
  expect(sizes).toContain(101)
  expect(images.filter(({ isVideo }) => isVideo)).toMatchObject([
    { fileName: 'Candles.MOV', processing: false, available: 'transcode' },
    { fileName: 'Dancing.MOV', processing: true, available: 'none' },
  ])
  expect(images.filter(({ available }) => available === 'none').length).toBe(1)
  expect(images.length - new Set(images.map(({ imageKey }) => imageKey)).size).toBe(1)
  expect([...world.images.values()].filter(({ hidden }) => hidden).length).toBe(1)
  expect(albums.filter(({ name }) => name === 'Picnic').length).toBe(2)
  expect(albums.some(({ name }) => name.includes('/'))).toBe(true)
  expect(new Set(names('Two cameras').map((name) => name.toLowerCase())).size).toBeLessThan(
    new Set(names('Two cameras')).size,
  )
  expect(new Set(names('Two cameras')).size).toBeLessThan(names('Two cameras').length)
  expect(names('Old scans ')).toContain('')
  expect(images.some(({ fileName }) => fileName !== fileName.normalize('NFC'))).toBe(true)
  expect(images.some(({ fileName }) => /[\u0590-\u06ff]/.test(fileName))).toBe(true)
  expect(images.some(({ fileName }) => /\p{Emoji_Presentation}/u.test(fileName))).toBe(true)
  expect(names('CON')).toContain('NUL.jpg')
  expect([...world.nodes.values()].map(({ type }) => type)).toEqual(expect.arrayContaining(['Page', 'System Album']))
})
