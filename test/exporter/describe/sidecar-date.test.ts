import { expect, test } from 'vitest'
import { sidecarDate } from '../../../src/exporter/describe/sidecar-date.ts'

test.each([
  ['the file has no date', '1975-07-04T02:30:00', undefined, '1975-07-04T02:30:00'],
  ['the file has the same', '2024-04-30T10:12:09', '2024-04-30T10:12:09', undefined],
  ['it was edited on SmugMug', '1975-07-04T02:30:00', '2019-01-01T12:00:00', '1975-07-04T02:30:00'],
  ['SmugMug moved the hour that Pacific time skips in 2024', '2024-03-10T03:12:09', '2024-03-10T02:12:09', undefined],
  [
    'SmugMug moved the hour that Pacific time skipped in 1974, in January',
    '1974-01-06T03:12:09',
    '1974-01-06T02:12:09',
    undefined,
  ],
  ['an hour later on any other day', '2024-03-11T03:12:09', '2024-03-11T02:12:09', '2024-03-11T03:12:09'],
  ['it is of a video, whose clock is UTC', '2021-07-01T09:00:00Z', undefined, '2021-07-01T09:00:00'],
  ['a placeholder of scanners', '2000-01-01T00:00:00', undefined, undefined],
  ['the beginning of Unix', '1970-01-01T00:00:00', undefined, undefined],
  ['before photography', '0099-06-01T00:00:00', undefined, undefined],
  ['nobody knows', undefined, '2019-01-01T12:00:00', undefined],
])('%s', (_, api, exif, expected) => {
  expect(sidecarDate(api, exif)).toBe(expected)
})
