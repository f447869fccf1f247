import { expect, test } from 'vitest'
import { secretText } from '../../src/app/secret-text.ts'

test.each([
  'aB3xyz',
  ' aB3xyz\r',
  '\u00a0aB3xyz\u00a0', // no-break space
  '\u200baB3\u200dxyz\ufeff', // zero width
  '"aB3xyz"',
  "\u200b'aB3xyz'",
  'aB3\u00adxyz', // soft hyphen
])('%j is the key that was meant', (pasted) => {
  expect(secretText(pasted, 'The API key')).toBe('aB3xyz')
})

test('nothing stays nothing', () => {
  expect(secretText(' \u200b', 'The API key')).toBe('')
})

test.each(['"aB3xyz', 'aB3xyz\u201d', '\u201caB3xyz\u201d', '\'aB3xyz"'])(
  '%j has a quotation mark, which is said without the key',
  (pasted) => {
    expect(() => secretText(pasted, 'SMUGDL_API_KEY')).toThrow(/^SMUGDL_API_KEY has a quotation mark in it[^3]*$/)
  },
)

test('a letter that no key has is said without the key', () => {
  expect(() => secretText('aB3xyz\u0430', 'SMUGDL_API_KEY')).toThrow(/^SMUGDL_API_KEY has a character in it[^3]*$/)
})
