import { expect, test } from 'vitest'
import { albumFacts } from '../../../src/exporter/describe/album-facts.ts'
import { albumWith } from '../records.ts'

test('what SmugMug knows of an album is read out of its record', () => {
  const raw = {
    Keywords: 'Italy; "New York"; ',
    Privacy: 'Unlisted',
    SecurityType: 'Password',
    SortMethod: 'Position',
    SortDirection: 'Ascending',
    HighlightAlbumImageUri: '/api/v2/album/AbC123/image/kQ3v9Zt-0',
    Date: '2019-05-01T10:00:00+00:00',
  }
  expect(albumFacts(albumWith({ description: 'Walks<br>&amp; talks', raw }))).toEqual({
    description: 'Walks\n& talks',
    descriptionHtml: 'Walks<br>&amp; talks',
    keywords: ['Italy', 'New York'],
    privacy: 'Unlisted',
    security: 'Password',
    sort: { method: 'Position', direction: 'Ascending' },
    cover: 'kQ3v9Zt',
    createdAt: '2019-05-01T10:00:00+00:00',
  })
})

test('what a record does not say, or says as nonsense, is absent', () => {
  const raw = { Keywords: [null, 'sea'], Privacy: 7, SortMethod: '', HighlightAlbumImageUri: ['x'], Date: false }
  expect(albumFacts(albumWith({ raw }))).toEqual({ description: '', keywords: ['sea'] })
})
