import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { expectLinear } from '../growth.ts'
import { failure, listing } from './rows.ts'

test('what is gone of 8,000 failures in one album is cleared in twice the time of 4,000', async () => {
  await expectLinear(4000, (size) => {
    const catalog = Catalog.open(':memory:')
    catalog.transaction(() => {
      for (let i = 0; i < size; i++) {
        if (i > 0) catalog.listings.put(listing({ image: `image${i}`, position: i }), 1)
        catalog.failures.put(failure({ image: `image${i}` }))
      }
    })
    return () => {
      catalog.failures.clearGone('album1')
      expect(catalog.failures.due('album1', 1e9)).toBe(size - 1)
      catalog.close()
    }
  })
})
