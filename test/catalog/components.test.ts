import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { delivery, failure, listing } from './rows.ts'

const own = { album: 'album1', image: 'image1', component: '' }
const raw = { ...own, component: 'raw' }

test('an image and the RAW file that is kept with it are listed, named and forgotten apart', () => {
  using catalog = Catalog.open(':memory:')
  const { listings } = catalog
  for (const { component } of [own, raw]) listings.put(listing({ component, wantedName: `a${component}.jpg` }), 1)
  listings.setName(raw, 'a.nef')
  expect([...listings.inOrder('album1')].map(({ component, name }) => [component, name])).toEqual([
    ['', undefined],
    ['raw', 'a.nef'],
  ])
  expect(listings.count('album1')).toBe(1)
  expect(listings.albumsOf('image1')).toEqual(['album1'])
  expect(listings.absent('folder', 'album1')).toHaveLength(2)
  listings.forget(own)
  expect(listings.get(own)).toBeUndefined()
  expect(listings.get(raw)?.name).toBe('a.nef')
})

test('an image and the RAW file that is kept with it are delivered, verified and forgotten apart', () => {
  using catalog = Catalog.open(':memory:')
  const { deliveries, listings } = catalog
  for (const { component } of [own, raw]) listings.put(listing({ component }), 1)
  deliveries.put(delivery())
  expect(listings.absent('folder', 'album1')).toEqual([{ image: 'image1', component: 'raw' }])
  expect(listings.outstanding('folder', 'album1').images).toBe(1)
  deliveries.putUnsynced(delivery({ component: 'raw', pending: true }))
  deliveries.markSynced({ ...own, exporter: 'folder' })
  expect(deliveries.pending()).toEqual([])
  deliveries.markSynced({ ...raw, exporter: 'folder' })
  expect(deliveries.pending()).toEqual([raw])
  deliveries.markVerified({ ...raw, exporter: 'folder' }, 900)
  expect([...deliveries.inAlbum('album1', 'folder')].map(({ verifiedAt }) => verifiedAt)).toEqual([100, 900])
  deliveries.forget({ ...own, exporter: 'folder' })
  expect(deliveries.ofImage(own)).toEqual([])
  expect(deliveries.inAlbumOf(raw)).toHaveLength(1)
})

test('a failure of the RAW file is not one of the image, and goes when it does', () => {
  using catalog = Catalog.open(':memory:')
  const { failures, listings } = catalog
  for (const { component } of [own, raw]) failures.put(failure({ component }))
  failures.clear(own, 'folder')
  expect(failures.get(own, 'folder')).toBeUndefined()
  expect(failures.get(raw, 'folder')?.component).toBe('raw')
  listings.put(listing(), 1)
  failures.clearGone('album1')
  expect(failures.inAlbum('album1')).toEqual([])
})
