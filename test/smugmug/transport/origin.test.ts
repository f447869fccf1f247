import { describe, expect, test } from 'vitest'
import { isTrusted, requireSafeOrigin } from '../../../src/smugmug/transport/origin.ts'

describe('requireSafeOrigin()', () => {
  test.each([
    ['https://api.smugmug.com', 'https://api.smugmug.com'],
    ['https://api.smugmug.com/', 'https://api.smugmug.com'],
    ['https://API.smugmug.com:443', 'https://api.smugmug.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('takes %s', (origin, canonical) => {
    expect(requireSafeOrigin(origin)).toBe(canonical)
  })

  test.each([
    'http://api.smugmug.com',
    'http://10.0.0.1:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:secret@api.smugmug.com',
    'ftp://127.0.0.1',
    'api.smugmug.com',
    '',
  ])('refuses %o', (origin) => {
    expect(() => requireSafeOrigin(origin)).toThrowError(expect.objectContaining({ kind: 'usage' }))
  })
})

test('a refused origin does not repeat a password in it', () => {
  expect(() => requireSafeOrigin('https://user:hush@api.smugmug.com')).toThrowError(
    expect.objectContaining({ message: expect.not.stringContaining('hush') }),
  )
})

describe('credentials are trusted', () => {
  const origin = 'http://127.0.0.1:8080'

  test.each(['https://photos.smugmug.com/a', 'https://smugmug.com/', 'http://127.0.0.1:8080/a'])('to %s', (url) => {
    expect(isTrusted(url, origin)).toBe(true)
  })

  test.each([
    'http://photos.smugmug.com/a',
    'https://photos.smugmug.com.example.com/a',
    'https://notsmugmug.com/a',
    'http://127.0.0.1:8081/a',
    'https://127.0.0.1:8080/a',
    'http://localhost:8080/a',
  ])('not to %s', (url) => {
    expect(isTrusted(url, origin)).toBe(false)
  })
})
