import { describe, expect, test } from 'vitest'
import { isOpen, isTrusted, pictureAddress, requireSafeOrigin } from '../../../src/smugmug/transport/origin.ts'

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

describe('pictures come', () => {
  const own = ['http://127.0.0.1:8080', 'https://photos.house:8443']

  test.each([
    'https://photos.smugmug.com/a',
    'https://cdn.example/a',
    'https://93.184.215.14/a',
    'https://[2606:2800:21f::1]/a',
    'http://127.0.0.1:8080/a',
    'https://photos.house:8443/a',
  ])('from %s', (url) => {
    expect(isOpen(new URL(url), own)).toBe(true)
  })

  test.each([
    'http://photos.smugmug.com/a',
    'http://127.0.0.1:8081/a',
    'https://127.0.0.1:8080/a',
    'https://127.1/a',
    'https://0x7f000001/a',
    'https://2130706433/a',
    'https://localhost/a',
    'https://me.localhost./a',
    'https://0.0.0.0/a',
    'https://10.1.2.3/a',
    'https://100.64.0.1/a',
    'https://169.254.169.254/latest/meta-data',
    'https://172.31.0.1/a',
    'https://192.168.1.1/a',
    'https://[::1]/a',
    'https://[::]/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://[fd00::1]/a',
    'https://[fe80::1]/a',
    'ftp://photos.smugmug.com/a',
    'data:image/jpeg;base64,AAAA',
  ])('not from %s', (url) => {
    expect(isOpen(new URL(url), own)).toBe(false)
  })

  test('from where an address without host or scheme belongs', () => {
    expect(pictureAddress('/photos/a.jpg', own)).toBe('http://127.0.0.1:8080/photos/a.jpg')
    expect(pictureAddress('//photos.smugmug.com/a.jpg', ['https://api.smugmug.com'])).toBe(
      'https://photos.smugmug.com/a.jpg',
    )
  })

  test.each(['http://[', 'https://', 'https://photos.smugmug.com:99999/a'])(
    'not from what is no address: %s',
    (text) => {
      expect(() => pictureAddress(text, own)).toThrowError(expect.objectContaining({ kind: 'item' }))
    },
  )

  test('a refused address gives no token away', () => {
    expect(() => pictureAddress('http://photos.smugmug.com/i-k/0/SecretToken/D/a-D.jpg', own)).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining('SecretToken') }),
    )
  })
})
