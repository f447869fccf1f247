import { type XmpOptions, xmpOf } from '../../../src/exporter/describe/xmp.ts'
import type { Image } from '../../../src/exporter/types.ts'
import { albumWith, imageWith } from '../records.ts'

/** A picture, and all that its sidecar must say but for its digest: texts by property, lists as lists. */
interface Example {
  readonly facts: Partial<Image>
  readonly options?: Partial<XmpOptions>
  readonly says: Readonly<Record<string, string | readonly string[]>>
}

const where = {
  'smugmug:ImageKey': 'kQ3v9Zt',
  'smugmug:Album': 'Travel/Tokyo',
  'smugmug:AlbumKey': 'AbC123',
}
const place = { 'exif:GPSVersionID': '2.3.0.0' }

/** Every property that a sidecar can have, in every form. The first three are those that Immich, digiKam and darktable were tried with. */
const examples = {
  scan: {
    facts: {
      fileName: 'Scan 7.JPG',
      title: '東京タワー – Токио 🗼',
      caption: 'Tom &amp; "Ana" <3 \'us\'<br>second line',
      keywords: ['Paris, Texas', '夜景', 'R&D'],
      hidden: true,
      webUri: 'https://janedoe.smugmug.com/Travel/Tokyo/i-kQ3v9Zt',
    },
    options: { date: '1975-07-04T02:30:00' },
    says: {
      'dc:title': '東京タワー – Токио 🗼',
      'dc:description': 'Tom & "Ana" <3 \'us\'\nsecond line',
      'dc:subject': ['Paris, Texas', '夜景', 'R&D'],
      'dc:source': 'https://janedoe.smugmug.com/Travel/Tokyo/i-kQ3v9Zt',
      'exif:DateTimeOriginal': '1975-07-04T02:30:00',
      'photoshop:DateCreated': '1975-07-04T02:30:00',
      ...where,
      'smugmug:Hidden': 'True',
      'tiff:ImageDescription': 'Tom & "Ana" <3 \'us\'\nsecond line',
    },
  },
  south: {
    facts: { latitude: -33.85682467, longitude: -70.64522, altitude: -102.3 },
    says: {
      'exif:GPSAltitude': '10230/100',
      'exif:GPSAltitudeRef': '1',
      'exif:GPSLatitude': '33,51.409480S',
      'exif:GPSLongitude': '70,38.713200W',
      ...place,
      ...where,
    },
  },
  video: {
    facts: {
      fileName: 'Walk.mp4',
      isVideo: true,
      title: 'شروق & غروب',
      keywords: ['sea, calm', 'video'],
      latitude: -0.00001,
      longitude: -179.999999,
    },
    options: { keywords: 'override', date: '2023-03-12T03:30:00' },
    says: {
      'dc:title': 'شروق & غروب',
      'dc:subject': ['sea, calm', 'video'],
      'digiKam:TagsList': ['sea, calm', 'video'],
      'exif:DateTimeOriginal': '2023-03-12T03:30:00',
      'exif:GPSLatitude': '0,0.000600S',
      'exif:GPSLongitude': '179,59.999940W',
      ...place,
      'lr:hierarchicalSubject': ['sea, calm', 'video'],
      'photoshop:DateCreated': '2023-03-12T03:30:00',
      ...where,
      'tiff:ImageDescription': 'شروق & غروب',
    },
  },
  'title-only': {
    facts: { title: 'Only a title' },
    says: { 'dc:title': 'Only a title', ...where, 'tiff:ImageDescription': 'Only a title' },
  },
  caption: {
    facts: { title: 'IMG_1.JPG', caption: '<p>Fish &amp;amp; chips</p><p>at <a href="#">Brighton</a></p>' },
    says: {
      'dc:description': 'Fish &amp; chips\n\nat Brighton',
      ...where,
      'tiff:ImageDescription': 'Fish &amp; chips\n\nat Brighton',
    },
  },
  summit: {
    facts: { latitude: 27.988056, longitude: 86.925278, altitude: 8848.86 },
    says: {
      'exif:GPSAltitude': '884886/100',
      'exif:GPSAltitudeRef': '0',
      'exif:GPSLatitude': '27,59.283360N',
      'exif:GPSLongitude': '86,55.516680E',
      ...place,
      ...where,
    },
  },
  typed: {
    facts: { fileName: 'fungi-0051.jpg', keywords: ['fungi', '0051', ' autumn ', 'autumn'] },
    options: { keywords: 'typed' },
    says: { 'dc:subject': ['autumn'], ...where },
  },
  'one-text-of-keywords': {
    facts: { raw: { Keywords: 'Paris; "New York, NY"; sea' } },
    says: { 'dc:subject': ['Paris', 'New York, NY', 'sea'], ...where },
  },
  hidden: { facts: { hidden: true }, says: { ...where, 'smugmug:Hidden': 'True' } },
  date: {
    facts: {},
    options: { date: '0987-06-05T04:03:02' },
    says: {
      'exif:DateTimeOriginal': '0987-06-05T04:03:02',
      'photoshop:DateCreated': '0987-06-05T04:03:02',
      ...where,
    },
  },
} as const satisfies Record<string, Example>

/** Names of the examples, with what each must say and its sidecar. */
export const written = Object.entries<Example>(examples).map(([name, { facts, options, says }]) => ({
  name,
  says,
  text: xmpOf(imageWith(facts), albumWith(), { keywords: 'all', date: undefined, ...options }) ?? '',
}))
