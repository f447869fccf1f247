import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { album } from './rows.ts'

test('an album comes back as it was put, not yet listed', () => {
  using catalog = Catalog.open(':memory:')
  catalog.albums.put(album())
  const bare = album({
    key: 'bare',
    nodeId: undefined,
    folder: undefined,
    imageCount: undefined,
    lastUpdated: undefined,
    imagesLastUpdated: undefined,
  })
  catalog.albums.put(bare)
  expect(catalog.albums.get('album1')).toEqual({ ...album(), short: 0, goneAt: undefined, listed: undefined })
  expect(catalog.albums.get('bare')).toEqual({ ...bare, short: 0, goneAt: undefined, listed: undefined })
  expect(catalog.albums.get('none')).toBeUndefined()
})

test('markListed() remembers what was announced then, whatever the next walk sees', () => {
  using catalog = Catalog.open(':memory:')
  catalog.albums.put(album({ imageCount: 2, lastUpdated: 'then', imagesLastUpdated: undefined }))
  catalog.albums.markListed('album1', 700)
  catalog.albums.put(album({ imageCount: 3, lastUpdated: 'now', imagesLastUpdated: 'now', name: 'Italia' }))
  expect(catalog.albums.get('album1')).toMatchObject({
    name: 'Italia',
    imageCount: 3,
    lastUpdated: 'now',
    listed: { at: 700, imageCount: 2, lastUpdated: 'then', imagesLastUpdated: undefined },
  })
  catalog.albums.distrust('album1')
  expect(catalog.albums.get('album1')?.listed).toBeUndefined()
})

test('an album is gone since it was first missed, and back when the walk sees it', () => {
  using catalog = Catalog.open(':memory:')
  catalog.albums.put(album())
  catalog.albums.markGone('album1', 500)
  catalog.albums.markGone('album1', 600)
  expect(catalog.albums.get('album1')?.goneAt).toBe(500)
  expect(catalog.albums.keys()).toEqual([])
  expect(Array.from(catalog.albums.all(), ({ key }) => key)).toEqual(['album1'])
  catalog.albums.put(album())
  expect(catalog.albums.get('album1')?.goneAt).toBeUndefined()
  expect(catalog.albums.keys()).toEqual(['album1'])
})

test('all() gives every album by path and key, over several slices, while its caller writes', () => {
  using catalog = Catalog.open(':memory:')
  catalog.transaction(() => {
    for (let i = 0; i < 450; i++)
      catalog.albums.put(album({ key: `k${1449 - i}`, urlPath: `/${1000 + Math.floor(i / 3)}` }))
  })
  const seen: string[] = []
  for (const row of catalog.albums.all()) {
    seen.push(row.urlPath + row.key)
    catalog.albums.markListed(row.key, 1)
    if (row.key.endsWith('7')) catalog.albums.forget(row.key)
  }
  expect(seen.length).toBe(450)
  expect(seen).toEqual(seen.toSorted())
  expect(catalog.albums.keys().length).toBe(405)
})
