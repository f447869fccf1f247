import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { delivery, listing } from './rows.ts'

test('a delivery comes back as it was put, with the proof of its exporter', () => {
  using catalog = Catalog.open(':memory:')
  const row = delivery({ delivery: { path: 'a/b.jpg', entry: { offset: 12, crc: 'x' }, none: null } })
  catalog.deliveries.put(row)
  expect(catalog.deliveries.get('folder', { album: 'album1', image: 'image1' })).toEqual(row)
  expect(catalog.deliveries.get('zip', { album: 'album1', image: 'image1' })).toBeUndefined()
})

test('put() replaces every fact of the delivery before', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery())
  const next = delivery({
    serial: 4,
    facts: { kind: 'transcode', size: 77, md5: 'c'.repeat(32), sha256: 'd'.repeat(64), contentType: 'video/mp4' },
    described: 'another digest',
    pending: true,
    delivery: { path: 'elsewhere.mp4' },
    deliveredAt: 300,
    verifiedAt: 400,
  })
  catalog.deliveries.put(next)
  expect(catalog.deliveries.get('folder', { album: 'album1', image: 'image1' })).toEqual(next)
})

test('an exporter with nothing to show has a delivery all the same, by path before the others', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery({ image: 'a' }))
  catalog.deliveries.put(delivery({ image: 'b', delivery: undefined }))
  expect(Array.from(catalog.deliveries.of('folder'), ({ image, delivery }) => [image, delivery?.path])).toEqual([
    ['b', undefined],
    ['a', 'Reisen/Italien/IMG_1.JPG'],
  ])
})

test('a pending delivery is neither of an image nor of a content until it is put again as durable', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery({ pending: true }))
  catalog.deliveries.put(delivery({ album: 'album2', pending: true }))
  const found = () => [
    catalog.deliveries.ofImage({ image: 'image1' }).map(({ album }) => album),
    catalog.deliveries.ofContent('a'.repeat(32), 10).map(({ album }) => album),
  ]
  expect(found()).toEqual([[], []])
  expect(catalog.deliveries.totals('folder')).toEqual({ files: 0, bytes: 0 })
  expect(catalog.deliveries.pending()).toEqual([
    { album: 'album1', image: 'image1', component: '' },
    { album: 'album2', image: 'image1', component: '' },
  ])
  catalog.deliveries.put(delivery())
  expect(catalog.deliveries.pending()).toEqual([{ album: 'album2', image: 'image1', component: '' }])
  expect(found()).toEqual([['album1'], ['album1']])
  expect(catalog.deliveries.totals('folder')).toEqual({ files: 1, bytes: 10 })
})

test('inAlbumOf() gives what every exporter has of an image in one album, pending or not', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery({ exporter: 'zip', pending: true }))
  catalog.deliveries.put(delivery())
  catalog.deliveries.put(delivery({ album: 'album2' }))
  catalog.deliveries.put(delivery({ image: 'image2' }))
  expect(catalog.deliveries.inAlbumOf({ album: 'album1', image: 'image1' }).map(({ exporter }) => exporter)).toEqual([
    'folder',
    'zip',
  ])
})

test('ofContent() asks for both hash and size, and gives a few', () => {
  using catalog = Catalog.open(':memory:')
  for (let i = 0; i < 30; i++) catalog.deliveries.put(delivery({ image: `image${i}` }))
  expect(catalog.deliveries.ofContent('a'.repeat(32), 10).length).toBe(8)
  expect(catalog.deliveries.ofContent('a'.repeat(32), 11)).toEqual([])
  expect(catalog.deliveries.ofContent('c'.repeat(32), 10)).toEqual([])
})

test('of(), inAlbum() and present() give each delivery once while their caller moves and forgets it', () => {
  using catalog = Catalog.open(':memory:')
  const images = Array.from({ length: 450 }, (_, i) => `i${1000 + i}`)
  catalog.transaction(() => {
    for (const image of images) {
      catalog.deliveries.put(delivery({ image, delivery: { path: `b/${image}` } }))
      catalog.listings.put(listing({ image }), 1)
    }
    catalog.deliveries.put(delivery({ exporter: 'zip' }))
  })
  for (const rows of [
    () => catalog.deliveries.inAlbum('album1', 'folder'),
    () => catalog.deliveries.present('album1', 'folder'),
    () => catalog.deliveries.of('folder'),
  ]) {
    const seen: string[] = []
    for (const row of rows()) {
      seen.push(row.image)
      catalog.deliveries.markVerified(row, 900)
      // Moved behind the one that is being read, as a rename does.
      catalog.deliveries.put({ ...row, delivery: { path: `a/${row.image}` } })
    }
    expect(seen).toEqual(images)
  }
  for (const row of catalog.deliveries.of('folder')) catalog.deliveries.forget(row)
  expect(catalog.deliveries.totals('folder')).toEqual({ files: 0, bytes: 0 })
  expect(catalog.deliveries.exporters()).toEqual(['zip'])
})

test('present() leaves out what is pending and what is gone from SmugMug', () => {
  using catalog = Catalog.open(':memory:')
  for (const image of ['here', 'gone', 'pending', 'unlisted'])
    catalog.deliveries.put(delivery({ image, pending: image === 'pending' }))
  for (const image of ['here', 'gone', 'pending']) catalog.listings.put(listing({ image }), image === 'gone' ? 1 : 2)
  catalog.listings.put(listing({ album: 'album2', image: 'unlisted' }), 2)
  catalog.listings.markUnseenGone('album1', 2, 500)
  expect(Array.from(catalog.deliveries.present('album1', 'folder'), ({ image }) => image)).toEqual(['here'])
})

test('atPath() finds the exact path of one exporter', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery())
  catalog.deliveries.put(delivery({ exporter: 'zip', image: 'image2' }))
  expect(catalog.deliveries.atPath('folder', 'Reisen/Italien/IMG_1.JPG')?.image).toBe('image1')
  expect(catalog.deliveries.atPath('zip', 'Reisen/Italien/IMG_1.JPG')?.image).toBe('image2')
  expect(catalog.deliveries.atPath('folder', 'reisen/italien/img_1.jpg')).toBeUndefined()
})

test('markVerified() touches one delivery and nothing but its time', () => {
  using catalog = Catalog.open(':memory:')
  catalog.deliveries.put(delivery())
  catalog.deliveries.put(delivery({ exporter: 'zip' }))
  catalog.deliveries.markVerified(delivery(), 900)
  expect(catalog.deliveries.get('folder', { album: 'album1', image: 'image1' })).toEqual(delivery({ verifiedAt: 900 }))
  expect(catalog.deliveries.get('zip', { album: 'album1', image: 'image1' })?.verifiedAt).toBe(100)
})
