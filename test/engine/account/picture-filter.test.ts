import { describe, expect, test } from 'vitest'
import {
  type PictureChoice,
  pictureFilter,
  privacyFilter,
  privacyOf,
} from '../../../src/engine/account/picture-filter.ts'
import { imageWith } from '../../exporter/records.ts'

const all: PictureChoice = { types: [], keywords: [], privacy: [] }
const isChosen = (choice: Partial<PictureChoice>, facts: Parameters<typeof imageWith>[0]) =>
  pictureFilter({ ...all, ...choice })(imageWith(facts))

test.each([
  ['2023', '2022-12-31T23:59:59', false],
  ['2023', '2023-01-01T00:00:00', true],
  ['2023-05', '2023-04-30T23:59:59', false],
  ['2023-05', '2023-05-01T00:00:00', true],
  ['2023-05-17', '2023-05-16T23:59:59', false],
  ['2023-05-17', '2023-05-17T00:00:00Z', true],
])('since %s, what was taken at %s: %s', (since, capturedAt, expected) => {
  expect(isChosen({ since }, { capturedAt })).toBe(expected)
})

test.each([
  ['2023', '2023-12-31T23:59:59', true],
  ['2023', '2024-01-01T00:00:00', false],
  ['2023-05', '2023-05-31T23:59:59', true],
  ['2023-05', '2023-06-01T00:00:00', false],
  ['2023-05-17', '2023-05-17T23:59:59', true],
  ['2023-05-17', '2023-05-18T00:00:00', false],
])('until %s, what was taken at %s: %s', (until, capturedAt, expected) => {
  expect(isChosen({ until }, { capturedAt })).toBe(expected)
})

test('what has no date of its own goes by its upload, and what has none at all is not left out by a date', () => {
  expect(isChosen({ since: '2023' }, { uploadedAt: '2022-05-01T00:00:00+00:00' })).toBe(false)
  expect(isChosen({ since: '2023' }, { uploadedAt: '2023-05-01T00:00:00+00:00' })).toBe(true)
  expect(isChosen({ since: '2023', until: '2023' }, {})).toBe(true)
})

test('types and keywords: one of each is enough, and case does not matter', () => {
  expect(isChosen({ types: ['video'] }, {})).toBe(false)
  expect(isChosen({ types: ['video', 'photo'] }, { isVideo: true })).toBe(true)
  expect(isChosen({ keywords: ['beach', ' ANA '] }, { keywords: ['Ana'] })).toBe(true)
  expect(isChosen({ keywords: ['beach'] }, { keywords: ['Beaches'] })).toBe(false)
  expect(isChosen({ keywords: ['beach'], types: ['video'] }, { keywords: ['beach'] })).toBe(false)
})

describe('the privacy of an album', () => {
  test.each([
    [{ Privacy: 'Public', SecurityType: 'None' }, ['public']],
    [{ Privacy: 'Public', SecurityType: 'Password' }, ['password']],
    [{ Privacy: 'Unlisted', SecurityType: 'Password' }, ['unlisted', 'password']],
    [{ Privacy: 'Private' }, ['private']],
    [{}, []],
  ])('%o is %o', (raw, expected) => {
    expect(privacyOf(raw)).toEqual(expected)
  })

  test('one of which SmugMug does not say it is not left out', () => {
    const isOfKind = privacyFilter({ ...all, privacy: ['private'] })
    expect(isOfKind({ raw: {} })).toBe(true)
    expect(isOfKind({ raw: { Privacy: 'Private' } })).toBe(true)
    expect(isOfKind({ raw: { Privacy: 'Public' } })).toBe(false)
  })
})
