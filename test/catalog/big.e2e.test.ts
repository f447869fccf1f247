import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Folder } from './folder.ts'
import { delivery, listing } from './rows.ts'

const albums = 20
const perAlbum = 5000
const mib = 2 ** 20

test('100,000 images are listed, delivered and read in order within flat memory', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  using catalog = Catalog.open(path)
  const record = { Caption: 'x'.repeat(1300) }
  let highest = 0
  const before = process.memoryUsage.rss()
  const measure = () => {
    highest = Math.max(highest, process.memoryUsage.rss() - before)
  }
  for (let album = 0; album < albums; album++) {
    for (let from = 0; from < perAlbum; from += 100) {
      catalog.transaction(() => {
        for (let position = from; position < from + 100; position++) {
          const key = { album: `album${album}`, image: `i${album}-${position}` }
          catalog.listings.put(listing({ ...key, position, record }), 1)
          catalog.deliveries.put(delivery({ ...key, delivery: { path: `${album}/${position}.jpg` } }))
        }
      })
    }
    measure()
  }
  let read = 0
  for (let album = 0; album < albums; album++) {
    let expected = 0
    for (const { position } of catalog.listings.inOrder(`album${album}`)) {
      if (position !== expected++) throw new Error(`position ${position} came instead of ${expected - 1}`)
      read += 1
    }
    measure()
  }
  let paths = 0
  for (const { delivery } of catalog.deliveries.of('folder'))
    if (delivery !== undefined && ++paths % 1000 === 0) measure()
  expect([read, paths]).toEqual([albums * perAlbum, albums * perAlbum])
  // The records alone are 130 MiB. What is left is garbage on its way out.
  expect(highest).toBeLessThan(100 * mib)
  expect(statSync(path).size).toBeLessThan(330 * mib)
})
