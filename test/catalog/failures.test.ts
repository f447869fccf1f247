import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { failure } from './rows.ts'

test('a failure comes back as it was put, and the next attempt replaces it', () => {
  using catalog = Catalog.open(':memory:')
  const first = failure({ next: undefined, heals: false })
  catalog.failures.put(first)
  expect(catalog.failures.get({ album: 'album1', image: 'image1' }, 'folder')).toEqual(first)
  const second = failure({ attempts: 2, failedAt: 300, dueAt: 900 })
  catalog.failures.put(second)
  expect([...catalog.failures.all()]).toEqual([second])
})

test('an album, an image before any exporter, and an image with one fail apart', () => {
  using catalog = Catalog.open(':memory:')
  const rows = [
    failure({ image: '', exporter: '' }),
    failure({ exporter: '' }),
    failure({ exporter: 'zip' }),
    failure({ album: 'album2' }),
  ]
  for (const row of rows.toReversed()) catalog.failures.put(row)
  expect([...catalog.failures.all()]).toEqual(rows)
  expect(catalog.failures.inAlbum('album1')).toEqual(rows.slice(0, 3))
  expect(catalog.failures.albums()).toEqual(['album1', 'album2'])
  catalog.failures.clear({ album: 'album1', image: 'image1' }, '')
  expect(catalog.failures.inAlbum('album1')).toEqual([rows[0], rows[2]])
})

test('due() counts from the moment that a failure is due', () => {
  using catalog = Catalog.open(':memory:')
  catalog.failures.put(failure({ image: 'a', dueAt: 200 }))
  catalog.failures.put(failure({ image: 'b', dueAt: 300 }))
  catalog.failures.put(failure({ album: 'album2', dueAt: 0 }))
  expect([199, 200, 299, 300].map((at) => catalog.failures.due('album1', at))).toEqual([0, 1, 1, 2])
  // By a clock that was wrong: what failed later than now would else not be asked for until then.
  catalog.failures.put(failure({ album: 'album3', failedAt: 5_000, dueAt: 9_000 }))
  expect([4_999, 5_000, 9_000].map((at) => catalog.failures.due('album3', at))).toEqual([1, 0, 1])
})

test('all() gives each failure once, over several slices, while its caller clears them', () => {
  using catalog = Catalog.open(':memory:')
  catalog.transaction(() => {
    for (let i = 0; i < 450; i++) catalog.failures.put(failure({ image: `i${i}` }))
  })
  let seen = 0
  for (const { album, image, exporter } of catalog.failures.all()) {
    seen += 1
    catalog.failures.clear({ album, image }, exporter)
  }
  expect(seen).toBe(450)
  expect(catalog.failures.albums()).toEqual([])
})

test('makeDue() makes it time to ask for everything again, and leaves alone what is due already', () => {
  using catalog = Catalog.open(':memory:')
  for (const [image, dueAt] of [
    ['a', 100],
    ['b', 900],
  ] as const)
    catalog.failures.put(failure({ image, dueAt }))
  catalog.failures.makeDue(500)
  expect([...catalog.failures.all()].map(({ dueAt }) => dueAt)).toEqual([100, 500])
})
