import { expect, test } from 'vitest'
import { bytes, count, counted, dateAndTime, dateOf, duration } from '../../../src/app/text/quantities.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_234_567, '1.2 MB'],
  [99_949_999, '99.9 MB'],
  [99_950_000, '100 MB'],
  [3.4e12, '3.4 TB'],
])('%d bytes are %s', (n, text) => {
  expect(bytes(n)).toBe(text)
})

test.each([
  [0, '0.0 s'],
  [-5, '0.0 s'],
  [420, '0.4 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 00 s'],
  [250_000, '4 min 10 s'],
  [3_599_600, '1 h 00 min'],
  [3_720_000, '1 h 02 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 04 h'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('numbers are grouped by thousands and agree with their noun', () => {
  expect(count(1_234_567)).toBe('1,234,567')
  expect(counted(1, 'retry', 'retries')).toBe('1 retry')
  expect(counted(1_000, 'retry', 'retries')).toBe('1,000 retries')
  expect(counted(0, 'file')).toBe('0 files')
})

test.each([
  ['2026-11-24T12:03:10', '2026-11-24'],
  ['0999-01-02T12:03:10', '0999-01-02'],
  ['0001-12-31T12:03:10', '0001-12-31'],
])('the date of %s is %s', (local, date) => {
  expect(dateOf(Date.parse(local))).toBe(date)
  expect(dateAndTime(Date.parse(local))).toBe(`${date} 12:03`)
})
