import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'

test('a run that never ended has neither end nor summary', () => {
  using catalog = Catalog.open(':memory:')
  const id = catalog.runs.begin(100, '1.2.3')
  const begun = { id, startedAt: 100, endedAt: undefined, ended: undefined, version: '1.2.3', summary: undefined }
  expect(catalog.runs.get(id)).toEqual(begun)
  catalog.runs.end(id, 200, 'interrupted', undefined)
  expect(catalog.runs.get(id)).toEqual({ ...begun, endedAt: 200, ended: 'interrupted' })
  catalog.runs.end(id, 200, 'finished', { files: 3 })
  expect(catalog.runs.get(id)).toEqual({ ...begun, endedAt: 200, ended: 'finished', summary: { files: 3 } })
  expect(catalog.runs.get(id + 1)).toBeUndefined()
})

test('failures come back in the order in which they happened, each of its own run', () => {
  using catalog = Catalog.open(':memory:')
  const [first, second] = [catalog.runs.begin(1, 'v'), catalog.runs.begin(2, 'v')]
  for (let i = 0; i < 450; i++) catalog.runs.addFailure(first, { item: i })
  catalog.runs.addFailure(second, { item: 'other' })
  expect(Array.from(catalog.runs.failures(first), (failure) => failure)).toEqual(
    Array.from({ length: 450 }, (_, item) => ({ item })),
  )
  expect([...catalog.runs.failures(second)]).toEqual([{ item: 'other' }])
})

test('the newest thousand runs are kept, with their failures', () => {
  using catalog = Catalog.open(':memory:')
  catalog.transaction(() => {
    for (let i = 1; i <= 1003; i++) catalog.runs.addFailure(catalog.runs.begin(i, 'v'), i)
  })
  expect(catalog.runs.newest(2).map(({ id }) => id)).toEqual([1003, 1002])
  expect(catalog.runs.newest(5000).length).toBe(1000)
  expect([...catalog.runs.failures(3)]).toEqual([])
  expect([...catalog.runs.failures(4)]).toEqual([4])
})
