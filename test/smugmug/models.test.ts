import { describe, expect, test } from 'vitest'
import { albumOf } from '../../src/smugmug/api/album.ts'
import { cameraClock } from '../../src/smugmug/api/capture-time.ts'
import { imageOf } from '../../src/smugmug/api/image.ts'
import { nodeOf } from '../../src/smugmug/api/node.ts'
import { userOf } from '../../src/smugmug/api/user.ts'
import { withoutSecrets } from '../../src/smugmug/api/without-secrets.ts'

const at = '/api/v2/test'

test('of albums and folders, which are all in memory at once, a record is bounded', () => {
  const Description = 'x'.repeat(70_000)
  expect(() => albumOf({ AlbumKey: 'AbC123', Description }, at)).toThrow('too long')
  expect(() => nodeOf({ NodeID: 'XyZ789', Description }, at)).toThrow('too long')
  expect(albumOf({ AlbumKey: 'AbC123', Description: Description.slice(0, 60_000) }, at).description).toHaveLength(
    60_000,
  )
})

describe('an image', () => {
  test('needs nothing but its key', () => {
    expect(imageOf({ ImageKey: 'kQ3v9Zt' }, at)).toMatchObject({
      key: 'kQ3v9Zt',
      serial: 0,
      fileName: '',
      isVideo: false,
      keywords: [],
      archived: undefined,
      capturedAt: undefined,
      latitude: undefined,
    })
  })

  test.each([
    [{ Serial: 2 }, 2],
    [{ Serial: '2' }, 2],
    [{ Uri: '/api/v2/album/AbC123/image/kQ3v9Zt-3' }, 3],
    [{ Uri: '/api/v2/image/kQ3v9Zt-3?_pretty=true' }, 3],
    [{ Uri: '/api/v2/image/kQ3v9Zt' }, 0],
  ])('has a serial, as a field or at the end of its address: %o', (fields, serial) => {
    expect(imageOf({ ImageKey: 'kQ3v9Zt', ...fields }, at).serial).toBe(serial)
  })

  test.each([
    [{ Latitude: '0', Longitude: '0', Altitude: 0 }, undefined],
    [{ Latitude: '0.00000000000000', Longitude: '0.00000000000000' }, undefined],
    [{ Latitude: '', Longitude: '' }, undefined],
    [{ Latitude: '47.973777777778', Longitude: '-121.5' }, [47.973777777778, -121.5]],
    [{ Latitude: 47.5, Longitude: 0 }, [47.5, 0]],
    [{ Latitude: 147.5, Longitude: 1 }, undefined],
    [{ Latitude: 47.5, Longitude: -181 }, undefined],
  ])('has a place, or none: %o', (fields, place) => {
    const { latitude, longitude } = imageOf({ ImageKey: 'kQ3v9Zt', ...fields }, at)
    expect(latitude === undefined ? undefined : [latitude, longitude]).toEqual(place)
  })

  test.each([null, '', 'd41d8', undefined])('has no MD5 where it says %o', (ArchivedMD5) => {
    const archived = { ArchivedUri: 'https://photos.smugmug.com/x/D/a-D.jpg', ArchivedSize: 12, ArchivedMD5 }
    const image = imageOf({ ImageKey: 'kQ3v9Zt', ...archived }, at)
    expect(image.archived).toEqual({ url: archived.ArchivedUri, size: 12, md5: undefined })
  })

  test.each([
    ['1970-01-01T00:00:00+00:00', undefined],
    ['-0001-11-30T00:00:00+00:00', undefined],
    ['', undefined],
    ['1962-05-01T19:00:00+00:00', '1962-05-01T19:00:00+00:00'],
  ])('was captured at %s: %s', (DateTimeOriginal, instant) => {
    expect(imageOf({ ImageKey: 'kQ3v9Zt', DateTimeOriginal }, at).capturedInstant).toBe(instant)
  })

  test.each([
    { LargestVideo: '/api/v2/image/k-0!largestvideo' },
    { LargestVideo: { Uri: '/api/v2/image/k-0!largestvideo', Locator: 'LargestVideo' } },
  ])('finds what was expanded through long and short links: %o', (Uris) => {
    const LargestVideo = { Url: 'https://photos.smugmug.com/v.mp4', Ext: 'mp4', Size: '22', MD5: 'A'.repeat(32) }
    const expansions = new Map([['/api/v2/image/k-0!largestvideo', { Locator: 'LargestVideo', LargestVideo }]])
    expect(imageOf({ ImageKey: 'k', IsVideo: true, Uris }, at, expansions).largestVideo).toMatchObject({
      ext: 'mp4',
      size: 22,
      md5: 'a'.repeat(32),
    })
  })

  test('takes an expansion that failed for none', () => {
    const Uris = { LargestVideo: '/v' }
    const expansions = new Map([['/v', { Code: 404, Message: 'Not Found' }]])
    expect(imageOf({ ImageKey: 'k', Uris }, at, expansions).largestVideo).toBeUndefined()
  })

  test('takes `[]` for no links', () => {
    expect(imageOf({ ImageKey: 'k', Uris: [], ComponentFileTypes: [] }, at).uris.largestVideo).toBeUndefined()
  })

  test.each([
    [{}, 'ImageKey'],
    [{ ImageKey: '' }, 'ImageKey'],
  ])('that does not fit is refused with field and address: %o', (record, field) => {
    expect(() => imageOf(record, at)).toThrowError(
      expect.objectContaining({ kind: 'item', item: at, what: expect.stringContaining(field) }),
    )
  })
})

describe('a field that does not fit is absent, and stays as it came in the raw record:', () => {
  test.each([
    [
      { Altitude: 'NaN', Latitude: '1', Longitude: '1' },
      { altitude: undefined, latitude: 1 },
    ],
    [
      { Altitude: '1518.7 m', Latitude: '1', Longitude: '1' },
      { altitude: undefined, latitude: 1 },
    ],
    [
      { Altitude: '4.2E-5', Latitude: '4.2E-5', Longitude: -0.5 },
      { altitude: 0.000042, latitude: 0.000042 },
    ],
    [
      { Latitude: '1e999', Longitude: [] },
      { latitude: undefined, longitude: undefined },
    ],
    [{ KeywordArray: [null, 'rome', { a: 1 }, 2024, ''] }, { keywords: ['rome', '2024'] }],
    [{ KeywordArray: { a: 1 } }, { keywords: [] }],
    [
      { Title: false, Caption: ['a', 'b'], FileName: {} },
      { title: '', caption: '', fileName: '' },
    ],
    [{ DateTimeOriginal: '0000-00-00', DateTimeUploaded: '0000-00-00 00:00:00' }, { capturedAt: undefined }],
    [
      { DateTimeOriginal: '7', Date: 7 },
      { capturedAt: undefined, uploadedAt: undefined },
    ],
    [
      { IsVideo: 'perhaps', Hidden: 1, Processing: null },
      { isVideo: false, hidden: false, processing: false },
    ],
    [
      { ArchivedUri: 'https://photos.smugmug.com/a', ArchivedSize: 'much', ArchivedMD5: 7 },
      { archived: { size: undefined, md5: undefined } },
    ],
    [{ ArchivedUri: 'https://photos.smugmug.com/a', ArchivedSize: -1 }, { archived: { size: undefined } }],
    [
      { ArchivedUri: { a: 1 }, OriginalWidth: 0.5, Serial: -2, Uris: 'none' },
      { archived: undefined, width: undefined, serial: 0 },
    ],
  ])('%o', (fields, expected) => {
    const record = { ImageKey: 'kQ3v9Zt', ...fields }
    const image = imageOf(record, at)
    expect(image).toMatchObject(expected)
    if (!('ArchivedUri' in fields)) expect(image.raw).toEqual(JSON.parse(JSON.stringify(record)))
  })

  test('of an album, a node and an account too', () => {
    const album = albumOf({ AlbumKey: 'AbC123', NodeID: 7, Name: null, ImageCount: 'many', AllowDownloads: 'yes' }, at)
    expect(album).toMatchObject({ nodeId: undefined, name: '', imageCount: undefined, allowDownloads: undefined })
    expect(
      nodeOf({ NodeID: 'n0de1', Type: null, HasChildren: 'no', SortIndex: {}, Uris: { Album: '' } }, at),
    ).toMatchObject({ type: '', hasChildren: false, sortIndex: undefined, albumKey: undefined })
    expect(userOf({ NickName: 'jane', ImageCount: [], Plan: {}, TotalAccountSize: 'x' }, at)).toMatchObject({
      imageCount: undefined,
      plan: undefined,
      totalSize: undefined,
    })
  })
})

test.each([{ IsVideo: true, Format: 'MP4' }, { Format: 'mp4' }, { IsVideo: null, Format: 'MOV' }])(
  'what a video says of an archived file is of a JPEG still, and is not taken for it: %o',
  (fields) => {
    const still = { ArchivedUri: 'https://photos.smugmug.com/x/D/a-D.jpg', ArchivedSize: 12, OriginalSize: 12 }
    expect(imageOf({ ImageKey: 'k', ...still, ...fields }, at)).toMatchObject({
      isVideo: true,
      archived: undefined,
      originalSize: undefined,
    })
  },
)

test('a video was captured by its container’s clock, which is UTC and says so; a photo by its camera’s, without a zone', () => {
  const DateTimeOriginal = '2024-09-14T09:05:11+00:00'
  expect(imageOf({ ImageKey: 'k', IsVideo: true, DateTimeOriginal }, at).capturedAt).toBe('2024-09-14T02:05:11Z')
  expect(imageOf({ ImageKey: 'k', DateTimeOriginal }, at).capturedAt).toBe('2024-09-14T02:05:11')
})

test('a record that nests deeper than any stack loses what is too deep, and nothing else', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`)
  const { raw, title } = imageOf({ ImageKey: 'k', Title: 'Rome', Foo: deep, Uris: { a: deep } }, at)
  expect([title, raw.Title, JSON.stringify(raw.Foo).length < 200]).toEqual(['Rome', 'Rome', true])
})

describe('cameraClock()', () => {
  test.each([
    ['2019-08-04T18:28:12+00:00', '2019-08-04T11:28:12'], // summer
    ['2019-01-04T18:28:12+00:00', '2019-01-04T10:28:12'], // winter
    ['2024-01-01T07:59:59+00:00', '2023-12-31T23:59:59'],
    ['2024-01-01T08:00:00+00:00', '2024-01-01T00:00:00'],
    ['2024-03-10T10:00:00+00:00', '2024-03-10T03:00:00'], // the hour that spring leaves out
  ])('%s is %s', (instant, clock) => {
    expect(cameraClock(instant)).toBe(clock)
  })
})

test('a locked album is known as one, and where its images are is known without a link', () => {
  const album = albumOf({ AlbumKey: '7NnPHZ', Name: "Donna's", ResponseLevel: 'Password', Uris: {} }, at)
  expect(album).toMatchObject({ locked: true, imagesUri: '/api/v2/album/7NnPHZ!images', imageCount: undefined })
})

test.each([
  ['travel; rome', ['travel', 'rome']],
  [
    ['travel', 'rome'],
    ['travel', 'rome'],
  ],
  ['', []],
  [null, []],
])("a node's keywords are a list, whether they come as %o", (Keywords, keywords) => {
  expect(nodeOf({ NodeID: 'n0de1', Type: 'Folder', Keywords }, at).keywords).toEqual(keywords)
})

test('a node knows its album and where its children are', () => {
  const Uris = { Album: { Uri: '/api/v2/album/AbC123' } }
  expect(nodeOf({ NodeID: 'n0de1', Type: 'Album', Uris }, at)).toMatchObject({ id: 'n0de1', albumKey: 'AbC123' })
  expect(nodeOf({ NodeID: 'n0de2', Type: 'Folder' }, at)).toMatchObject({
    albumKey: undefined,
    childrenUri: '/api/v2/node/n0de2!children',
  })
})

test('an account without links has its albums at the documented place', () => {
  expect(userOf({ NickName: 'jane', TotalAccountSize: '123456789' }, at)).toMatchObject({
    albumsUri: '/api/v2/user/jane!albums',
    nodeId: undefined,
    totalSize: 123_456_789,
  })
})

test('raw records keep everything but secrets, at any depth', () => {
  const record = {
    Name: 'Rome',
    Password: 'hush',
    UploadKey: 'hush',
    DownloadPassword: 'hush',
    Owner: { NickName: 'jane', Email: 'hush', ViewPassword: 'hush', PhoneNum: 'hush', Street1: 'hush' },
    Items: [
      { ArchivedUri: 'https://photos.smugmug.com/hush', ThumbnailUrl: 'hush', ArchivedMD5: 'abc', n: null, b: true },
    ],
  }
  const raw = withoutSecrets(record)
  expect(JSON.stringify(raw)).not.toContain('hush')
  expect(raw).toEqual({ Name: 'Rome', Owner: { NickName: 'jane' }, Items: [{ ArchivedMD5: 'abc', n: null, b: true }] })
})
