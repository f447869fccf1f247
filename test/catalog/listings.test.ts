import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { delivery, listing } from './rows.ts'

test('a listing comes back as it was put, nested record and all', () => {
  using catalog = Catalog.open(':memory:')
  const row = listing({ position: 3, serial: 2 })
  catalog.listings.put(row, 1)
  expect(catalog.listings.get({ album: 'album1', image: 'image1' })).toEqual({
    ...row,
    name: undefined,
    goneAt: undefined,
  })
  expect(catalog.listings.get({ album: 'album2', image: 'image1' })).toBeUndefined()
})

test('a listing without bytes keeps its reason', () => {
  using catalog = Catalog.open(':memory:')
  const source = { kind: 'none', reason: 'Still processing', heals: true, processing: true } as const
  catalog.listings.put(listing({ source }), 1)
  expect(catalog.listings.get({ album: 'album1', image: 'image1' })?.source).toEqual(source)
})

test('a name once given stays while the wanted one is the same', () => {
  using catalog = Catalog.open(':memory:')
  catalog.listings.put(listing(), 1)
  catalog.listings.setName({ album: 'album1', image: 'image1' }, 'IMG_1 [image1].JPG')
  catalog.listings.put(listing({ serial: 1, position: 7 }), 2)
  expect(catalog.listings.get({ album: 'album1', image: 'image1' })).toMatchObject({
    name: 'IMG_1 [image1].JPG',
    serial: 1,
    position: 7,
  })
  catalog.listings.put(listing({ wantedName: 'Renamed.JPG' }), 3)
  expect(catalog.listings.get({ album: 'album1', image: 'image1' })?.name).toBeUndefined()
})

test('names() gives all that are or were in the album', () => {
  using catalog = Catalog.open(':memory:')
  catalog.listings.put(listing({ image: 'b', wantedName: 'B.JPG' }), 1)
  catalog.listings.put(listing({ image: 'a', wantedName: 'A.JPG' }), 2)
  catalog.listings.put(listing({ album: 'album2', image: 'c' }), 2)
  catalog.listings.setName({ album: 'album1', image: 'a' }, 'A.JPG')
  catalog.listings.markUnseenGone('album1', 2, 500)
  expect(catalog.listings.names('album1')).toEqual([
    { image: 'a', component: '', wantedName: 'A.JPG', name: 'A.JPG' },
    { image: 'b', component: '', wantedName: 'B.JPG', name: undefined },
  ])
})

test('what a complete listing did not see is gone, once, and back when it is seen again', () => {
  using catalog = Catalog.open(':memory:')
  for (const image of ['a', 'b', 'c']) catalog.listings.put(listing({ image }), 1)
  catalog.listings.put(listing({ album: 'album2', image: 'a' }), 1)
  catalog.listings.put(listing({ image: 'b' }), 2)
  expect(catalog.listings.markUnseenGone('album1', 2, 500)).toBe(2)
  expect(catalog.listings.markUnseenGone('album1', 2, 600)).toBe(0)
  expect(Array.from(catalog.listings.gone(), ({ album, image, goneAt }) => [album, image, goneAt])).toEqual([
    ['album1', 'a', 500],
    ['album1', 'c', 500],
  ])
  expect(catalog.listings.count('album1')).toBe(1)
  expect(catalog.listings.albumsOf('a')).toEqual(['album2'])
  catalog.listings.put(listing({ image: 'a' }), 3)
  expect(catalog.listings.get({ album: 'album1', image: 'a' })?.goneAt).toBeUndefined()
  expect(catalog.listings.albumsOf('a')).toEqual(['album1', 'album2'])
})

test('an album that is gone takes its images along, keeping when each of them went', () => {
  using catalog = Catalog.open(':memory:')
  for (const image of ['a', 'b']) catalog.listings.put(listing({ image }), image === 'a' ? 1 : 2)
  catalog.listings.markUnseenGone('album1', 2, 500)
  catalog.listings.markAlbumGone('album1', 900)
  expect(Array.from(catalog.listings.gone(), ({ image, goneAt }) => [image, goneAt])).toEqual([
    ['a', 500],
    ['b', 900],
  ])
})

test('inOrder() gives what is on SmugMug by position and then key, over several slices', () => {
  using catalog = Catalog.open(':memory:')
  const count = 1001
  catalog.transaction(() => {
    for (let i = 0; i < count; i++) {
      const image = `image${String(count - i).padStart(5, '0')}`
      // Two share each position: SmugMug's list may shift while it is read.
      catalog.listings.put(listing({ image, position: Math.floor(i / 2) }), 1)
    }
    catalog.listings.put(listing({ image: 'gone', position: 3 }), 0)
    catalog.listings.put(listing({ album: 'album2', image: 'other', position: 3 }), 1)
    catalog.listings.markUnseenGone('album1', 1, 500)
  })
  const seen = Array.from(catalog.listings.inOrder('album1'), ({ position, image }) => ({ position, image }))
  expect(seen.length).toBe(count)
  expect(seen).toEqual(seen.toSorted((a, b) => a.position - b.position || (a.image < b.image ? -1 : 1)))
})

test('inOrder() gives each image once while its caller writes to it, forgets it, and starts over within', () => {
  using catalog = Catalog.open(':memory:')
  const count = 500
  for (let i = 0; i < count; i++) catalog.listings.put(listing({ image: `i${1000 + i}`, position: i }), 1)
  const seen: string[] = []
  for (const row of catalog.listings.inOrder('album1')) {
    seen.push(row.image)
    catalog.listings.setName({ album: 'album1', image: row.image }, `${row.image}.JPG`)
    catalog.transaction(() => catalog.listings.put({ ...row, serial: row.serial + 1 }, 2))
    if (row.position % 100 === 50) {
      for (const inner of catalog.listings.inOrder('album1')) if (inner.position > 250) break
      catalog.listings.forget({ album: 'album1', image: row.image })
    }
  }
  expect(seen).toEqual(Array.from({ length: count }, (_, i) => `i${1000 + i}`))
  expect(catalog.listings.count('album1')).toBe(count - 5)
})

test('outstanding() counts what an exporter lacks, has older, or has only pending', () => {
  using catalog = Catalog.open(':memory:')
  const known = (md5: string, size: number) =>
    ({ kind: 'original', url: 'https://photos.example/x', size, md5 }) as const
  const unknown = { kind: 'transcode', url: 'https://photos.example/v' } as const
  const rows = {
    same: listing({ image: 'same', source: known('a'.repeat(32), 10) }),
    replaced: listing({ image: 'replaced', source: known('c'.repeat(32), 300) }),
    missing: listing({ image: 'missing', source: known('d'.repeat(32), 5000) }),
    pending: listing({ image: 'pending', source: known('a'.repeat(32), 70_000) }),
    sameVideo: listing({ image: 'sameVideo', source: unknown }),
    newerVideo: listing({ image: 'newerVideo', source: unknown, serial: 1 }),
    gone: listing({ image: 'gone', source: known('e'.repeat(32), 1e9) }),
  }
  for (const row of Object.values(rows)) catalog.listings.put(row, row === rows.gone ? 1 : 2)
  catalog.listings.markUnseenGone('album1', 2, 500)
  for (const image of ['same', 'replaced', 'pending', 'sameVideo', 'newerVideo'])
    catalog.deliveries.put(delivery({ image, pending: image === 'pending' }))
  expect(catalog.listings.outstanding('folder', 'album1')).toEqual({ images: 4, bytes: 75_300 })
  expect(catalog.listings.outstanding('zip', 'album1')).toEqual({ images: 6, bytes: 75_310 })
  expect(catalog.listings.outstanding('folder', 'album2')).toEqual({ images: 0, bytes: 0 })
})

test('absent() names in order what an exporter has no durable delivery of', () => {
  using catalog = Catalog.open(':memory:')
  for (const [position, image] of ['d', 'c', 'b', 'a'].entries()) catalog.listings.put(listing({ image, position }), 1)
  catalog.deliveries.put(delivery({ image: 'c' }))
  catalog.deliveries.put(delivery({ image: 'b', pending: true }))
  expect(catalog.listings.absent('folder', 'album1').map(({ image }) => image)).toEqual(['d', 'b', 'a'])
})

test('countGoneAtHome() counts an image once per album, and not what never came home', () => {
  using catalog = Catalog.open(':memory:')
  for (const image of ['a', 'b', 'c']) catalog.listings.put(listing({ image }), 1)
  for (const exporter of ['folder', 'zip']) catalog.deliveries.put(delivery({ exporter, image: 'a' }))
  catalog.deliveries.put(delivery({ album: 'album2', image: 'b' }))
  catalog.deliveries.put(delivery({ image: 'c' }))
  catalog.listings.put(listing({ image: 'c' }), 2)
  catalog.listings.markUnseenGone('album1', 2, 500)
  expect(catalog.listings.countGoneKept()).toBe(1)
})
