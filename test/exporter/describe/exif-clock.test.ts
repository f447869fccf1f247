import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exifClock } from '../../../src/exporter/describe/exif-clock.ts'
import { jpegWithExif } from './jpeg-with-exif.ts'

test.each([true, false])('the camera clock is read (little endian: %s)', (littleEndian) => {
  expect(exifClock(jpegWithExif('2024:04:30 10:12:09', { littleEndian }))).toBe('2024-04-30T10:12:09')
})

test.each(['0000:00:00 00:00:00', '    :  :     :  :  ', '2024-04-30 10:12:09', ''])('%j is no date', (date) => {
  expect(exifClock(jpegWithExif(date))).toBeUndefined()
})

test('a file that is no JPEG, or has no EXIF, has no clock', () => {
  expect(exifClock(Buffer.from('GIF89a'))).toBeUndefined()
  expect(exifClock(Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 4, 0, 0, 0xff, 0xda]))).toBeUndefined()
  expect(exifClock(new Uint8Array())).toBeUndefined()
})

test('nothing in a damaged or hostile file makes it throw, or run for long', () => {
  const good = jpegWithExif('2024:04:30 10:12:09')
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), fc.nat(good.length), (changes, cut) => {
      const bytes = Buffer.from(good)
      for (const [at, value] of changes) bytes[at] = value
      exifClock(bytes.subarray(0, cut))
    }),
    { numRuns: 20_000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      exifClock(Buffer.concat([Buffer.from([0xff, 0xd8]), bytes]))
    }),
    { numRuns: 5000 },
  )
})
