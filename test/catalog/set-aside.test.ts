import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { setAside } from '../../src/catalog/set-aside.ts'
import { Folder } from './folder.ts'

const now = Date.UTC(2026, 7, 1, 22, 30)

test('a broken catalog moves aside with all that belongs to it, byte for byte', () => {
  using folder = new Folder()
  for (const suffix of ['', '-wal', '-journal']) writeFileSync(folder.at(`catalog.sqlite${suffix}`), `broken${suffix}`)
  writeFileSync(folder.at('lock'), 'stays')
  const before = folder.files()
  expect(setAside(folder.at('catalog.sqlite'), now)).toBe(folder.at('catalog.broken-2026-08-01.sqlite'))
  expect(folder.files()).toEqual({
    'catalog.broken-2026-08-01.sqlite': before['catalog.sqlite'],
    'catalog.broken-2026-08-01.sqlite-journal': before['catalog.sqlite-journal'],
    'catalog.broken-2026-08-01.sqlite-wal': before['catalog.sqlite-wal'],
    lock: before.lock,
  })
})

test('the second of a day takes another name, although only the log of the first is left', () => {
  using folder = new Folder()
  writeFileSync(folder.at('catalog.broken-2026-08-01.sqlite-wal'), 'first')
  writeFileSync(folder.at('catalog.sqlite'), 'second')
  expect(setAside(folder.at('catalog.sqlite'), now)).toBe(folder.at('catalog.broken-2026-08-01-2.sqlite'))
  writeFileSync(folder.at('catalog.sqlite'), 'third')
  expect(setAside(folder.at('catalog.sqlite'), now)).toBe(folder.at('catalog.broken-2026-08-01-3.sqlite'))
  expect(folder.names().length).toBe(3)
})

test('where there is none nothing moves, and what is set aside still opens', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  expect(setAside(path, now)).toBeUndefined()
  {
    using catalog = Catalog.open(path)
    catalog.runs.begin(7, 'v')
  }
  using aside = Catalog.openToRead(setAside(path, now) ?? '')
  expect(aside.runs.newest(1)[0]?.startedAt).toBe(7)
  using fresh = Catalog.open(path)
  expect(fresh.runs.newest(1)).toEqual([])
})
