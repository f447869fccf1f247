import fc from 'fast-check'
import { expect, test } from 'vitest'
import { albumDigest, imageDigest } from '../../../src/engine/account/describe.ts'
import type { Album, Image } from '../../../src/exporter/types.ts'

const album: Album = {
  key: 'abc',
  name: 'Rome',
  description: 'Walks',
  urlPath: '/Trips/Rome',
  folders: [],
  path: ['Trips'],
  directory: ['Trips', 'Rome'],
  imageCount: 3,
  lastUpdated: '2024-05-01T00:00:00Z',
  raw: {},
}

const image: Image = {
  key: 'xyz',
  component: '',
  serial: 0,
  fileName: 'a.jpg',
  name: 'a.jpg',
  position: 0,
  isVideo: false,
  format: 'JPG',
  title: '',
  caption: '',
  keywords: ['river'],
  hidden: false,
  raw: {},
}

test('an album is told again when its place, its texts or an option changes', () => {
  const changes: [Partial<Album>, Record<string, unknown>][] = [
    [{}, {}],
    [{ name: 'Roma' }, {}],
    [{ description: 'Strolls' }, {}],
    [{ urlPath: '/Trips/Roma' }, {}],
    [{ path: ['Travel'] }, {}],
    [{ directory: ['Trips', 'Rome [abc]'] }, {}],
    [{}, { path: '{album.url}/{name}' }],
  ]
  const digests = changes.map(([change, options]) => albumDigest({ ...album, ...change }, options))
  expect(new Set(digests).size).toBe(changes.length)
})

test('an album is not told again for what says nothing of it: times, counts, its record', () => {
  const same = { ...album, imageCount: 4, lastUpdated: '2025-01-01T00:00:00Z', raw: { ImageCount: 4 } }
  expect(albumDigest(same, {})).toBe(albumDigest(album, {}))
})

test('an image is told again when anything but its place in the album and its record changes', () => {
  const changes: Partial<Image>[] = [
    {},
    { serial: 1 },
    { name: 'a [xyz].jpg' },
    { fileName: 'b.jpg' },
    { title: 'River' },
    { caption: 'By the river' },
    { keywords: [] },
    { hidden: true },
    { capturedAt: '2024-04-30T10:12:09' },
    { latitude: 1, longitude: 2 },
  ]
  const digests = changes.map((change) => imageDigest({ ...image, ...change }, 'album'))
  expect(new Set([...digests, imageDigest(image, 'another album')]).size).toBe(changes.length + 1)
  expect(imageDigest({ ...image, position: 7, raw: { Uris: 'x' } }, 'album')).toBe(imageDigest(image, 'album'))
  expect(imageDigest(image, 'album', 'a/1 b.jpg')).not.toBe(imageDigest(image, 'album', 'a/2 b.jpg'))
})

test('two texts never make the digest of two others', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (title, caption, title2, caption2) => {
      fc.pre(title !== title2 || caption !== caption2)
      expect(imageDigest({ ...image, title, caption }, '')).not.toBe(
        imageDigest({ ...image, title: title2, caption: caption2 }, ''),
      )
    }),
  )
})
