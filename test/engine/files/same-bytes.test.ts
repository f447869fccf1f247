import { expect, test } from 'vitest'
import type { DeliveryRow } from '../../../src/catalog/deliveries.ts'
import type { ListedSource, ListingRow } from '../../../src/catalog/listings.ts'
import { hasSameBytes } from '../../../src/engine/files/same-bytes.ts'

const md5 = 'a'.repeat(32)
const other = 'b'.repeat(32)

function held(source: ListedSource, { serial = 0, listed = 0, kind = 'original' as const, size = 100 } = {}): boolean {
  const facts = { kind, size, md5, sha256: '', contentType: 'image/jpeg' }
  return hasSameBytes({ serial, facts } as DeliveryRow, { serial: listed, source } as ListingRow)
}

const original = { kind: 'original', url: '/a.jpg' } as const

test('an MD5 decides, whatever the serial says', () => {
  expect(held({ ...original, md5, size: 100 })).toBe(true)
  expect(held({ ...original, md5, size: 100 }, { listed: 3 })).toBe(true)
  expect(held({ ...original, md5: other, size: 100 })).toBe(false)
})

test('without MD5, serial, size and kind decide', () => {
  expect(held({ ...original, size: 100 })).toBe(true)
  expect(held(original)).toBe(true)
  expect(held({ ...original, size: 101 })).toBe(false)
  expect(held({ ...original, size: 100 }, { listed: 1 })).toBe(false)
  expect(held({ ...original, kind: 'rendition', size: 100 })).toBe(false)
})

test('what SmugMug no longer gives stays what it was, unless it was replaced', () => {
  const none = { kind: 'none', reason: '', heals: false, processing: false } as const
  expect(held(none)).toBe(true)
  expect(held(none, { listed: 1 })).toBe(false)
})
