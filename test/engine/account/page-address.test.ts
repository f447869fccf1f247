import { expect, test } from 'vitest'
import { isOnPage, pageAddress } from '../../../src/engine/account/page-address.ts'

test.each([
  ['https://janedoe.smugmug.com/Travel/2024/Rome', { urlPath: '/Travel/2024/Rome' }],
  ['janedoe.smugmug.com/Travel/', { urlPath: '/Travel' }],
  ['https://janedoe.smugmug.com', { urlPath: '' }],
  ['https://photos.example.com/Travel/Rome/i-kQ3v9Zt/A', { urlPath: '/Travel/Rome', image: 'kQ3v9Zt' }],
  ['https://janedoe.smugmug.com/Caf%C3%A9/n-x?a=1#b', { urlPath: '/Café' }],
  ['https://janedoe.smugmug.com/%E0%A4%A', { urlPath: '/%E0%A4%A' }],
  ['Travel/Rome', undefined],
  ['smugmug.com notes', undefined],
  ['https://', undefined],
])('%s is %o', (text, page) => {
  expect(pageAddress(text)).toEqual(page)
})

test('a page is of its album and of all that is below it, not of one whose address only begins alike', () => {
  expect(isOnPage({ urlPath: '/Travel/Rome' }, { urlPath: '/travel' })).toBe(true)
  expect(isOnPage({ urlPath: '/Travel' }, { urlPath: '/Travel' })).toBe(true)
  expect(isOnPage({ urlPath: '/Travels' }, { urlPath: '/Travel' })).toBe(false)
  expect(isOnPage({ urlPath: '/Travels' }, { urlPath: '' })).toBe(true)
})
