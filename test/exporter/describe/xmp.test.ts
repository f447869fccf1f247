import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { xmpOf } from '../../../src/exporter/describe/xmp.ts'
import type { Image } from '../../../src/exporter/types.ts'
import { albumWith, imageWith } from '../records.ts'

const scan = imageWith({
  fileName: 'Scan 7.JPG',
  title: '東京タワー – Токио 🗼',
  caption: 'Tom &amp; "Ana" <3 \'us\'<br>second line',
  keywords: ['Paris, Texas', '夜景', 'R&D'],
  hidden: true,
  webUri: 'https://janedoe.smugmug.com/Travel/Tokyo/i-kQ3v9Zt',
})
const south = imageWith({ latitude: -33.85682467, longitude: -70.64522, altitude: -102.3 })
const walk = imageWith({
  fileName: 'Walk.mp4',
  isVideo: true,
  title: 'شروق & غروب',
  keywords: ['sea, calm', 'video'],
  latitude: -0.00001,
  longitude: -179.999999,
})

const all = { keywords: 'all', date: undefined } as const
const xmp = (image: Image, options: Parameters<typeof xmpOf>[2] = all) => xmpOf(image, albumWith(), options) ?? ''

test.each([
  ['scan', xmp(scan, { keywords: 'all', date: '1975-07-04T02:30:00' })],
  ['south', xmp(south)],
  ['video', xmp(walk, { keywords: 'override', date: '2023-03-12T03:30:00' })],
  ['title-only', xmp(imageWith({ title: 'Only a title' }))],
])('the sidecar of a %s is what it was', async (name, text) => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.xmp`)
})

test('there is no sidecar of a picture of which SmugMug knows nothing that its file does not', () => {
  expect(xmpOf(imageWith({ webUri: 'https://x/y' }), albumWith(), all)).toBeUndefined()
  expect(xmpOf(imageWith({ title: 'IMG_1.JPG' }), albumWith(), all)).toBeUndefined()
  expect(
    xmpOf(imageWith({ keywords: ['img'], fileName: 'IMG 1.JPG' }), albumWith(), { ...all, keywords: 'typed' }),
  ).toBeUndefined()
  for (const facts of [
    { title: 'a' },
    { caption: 'a' },
    { keywords: ['a'] },
    { hidden: true },
    { latitude: 1, longitude: 1 },
  ])
    expect(xmpOf(imageWith(facts), albumWith(), all)).toBeDefined()
})

test.each([
  [89.9999999999, 'N', '90,0.000000N'],
  [-89.99999999, 'S', '89,59.999999S'],
  [0.99999999999, 'N', '1,0.000000N'],
  [45.5, 'N', '45,30.000000N'],
])('latitude %s is carried over and has its letter %s', (latitude, _, text) => {
  expect(xmp(imageWith({ latitude, longitude: 10 }))).toContain(`<exif:GPSLatitude>${text}<`)
})

test('a place is both numbers, in their range, or none; no altitude without its reference, and none of zero', () => {
  for (const place of [
    { latitude: 1 },
    { latitude: 91, longitude: 1 },
    { latitude: 1, longitude: 181 },
    { latitude: Number.NaN, longitude: 1 },
  ])
    expect(xmp(imageWith({ ...place, title: 't' }))).not.toContain('exif:GPS')
  expect(xmp(imageWith({ latitude: 1, longitude: 1, altitude: 0 }))).not.toContain('Altitude')
})

/** Texts of all elements by name, by a parser that refuses what is not well-formed. */
function parsed(document: string): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  const open: { name: string; text: string }[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => open.push({ name, text: '' }))
  parser.on('text', (text) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += text
  })
  parser.on('closetag', () => {
    const closed = open.pop()
    const property = closed?.name === 'rdf:li' ? open.at(-2)?.name : closed?.name
    if (closed !== undefined && property !== undefined)
      texts.set(property, [...(texts.get(property) ?? []), closed.text])
  })
  parser.write(document).close()
  return texts
}

test('whatever somebody typed comes back from a strict XML parser, less what XML cannot hold', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '\0',
        '\v',
        '\ud800',
        '\udc00',
        ']]>',
        '<?xpacket?>',
        '&#x0;',
        '\ufeff',
        '\ufffe',
        '\u202e',
        '&',
        '"',
        "'",
        '<',
        '\n',
        '\t',
        '\u0085',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 30,
  })
  const holds = (text: string) =>
    text.replace(/\r\n?/g, '\n').replace(/[^\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 5 }), hostile, (keywords, key) => {
      const kept = [...new Set(keywords.map((each) => each.trim()).filter(Boolean))]
      const texts = parsed(xmp(imageWith({ keywords, key, title: 'x' })))
      expect((texts.get('dc:subject') ?? []).filter((text) => text.trim() !== '')).toEqual(
        kept.map(holds).filter((text) => text.trim() !== ''),
      )
      expect(texts.get('smugmug:ImageKey') ?? ['']).toEqual([holds(key)])
    }),
    { numRuns: 3000 },
  )
})

const folder = mkdtempSync(join(tmpdir(), 'smugdl-xmp-'))
function file(text: string): string {
  const path = join(folder, `${text.length}.xmp`)
  writeFileSync(path, text)
  return path
}
const missing = (tool: string) => spawnSync(tool, ['-ver'], { stdio: 'ignore' }).error !== undefined

describe.skipIf(missing('exiftool'))('ExifTool (skipped where it is not installed)', () => {
  const read = (text: string) =>
    JSON.parse(
      execFileSync('exiftool', ['-a', '-G1', '-s', '-n', '-j', '-XMP:all', file(text)], { encoding: 'utf8' }),
    )[0]

  test('reads every field of a scan', () => {
    expect(read(xmp(scan, { keywords: 'all', date: '1975-07-04T02:30:00' }))).toMatchObject({
      'XMP-dc:Title': scan.title,
      'XMP-dc:Description': 'Tom & "Ana" <3 \'us\'\nsecond line',
      'XMP-tiff:ImageDescription': 'Tom & "Ana" <3 \'us\'\nsecond line',
      'XMP-dc:Subject': ['Paris, Texas', '夜景', 'R&D'],
      'XMP-exif:DateTimeOriginal': '1975:07:04 02:30:00',
      'XMP-photoshop:DateCreated': '1975:07:04 02:30:00',
    })
  })

  test('reads places to two millimetres, below the sea too', () => {
    const place = read(xmp(south))
    expect(place['XMP-exif:GPSLatitude']).toBeCloseTo(-33.85682467, 7)
    expect(place['XMP-exif:GPSLongitude']).toBeCloseTo(-70.64522, 7)
    expect(place).toMatchObject({ 'XMP-exif:GPSAltitude': 102.3, 'XMP-exif:GPSAltitudeRef': 1 })
    const edge = read(xmp(walk))
    expect(edge['XMP-exif:GPSLatitude']).toBeCloseTo(-0.00001, 7)
    expect(edge['XMP-exif:GPSLongitude']).toBeCloseTo(-179.999999, 7)
  })
})

describe.skipIf(missing('exiv2'))('exiv2 (skipped where it is not installed)', () => {
  const read = (args: string[], text: string, env = {}) =>
    execFileSync('exiv2', [...args, file(text)], { encoding: 'utf8', env: { ...process.env, ...env } })

  test('reads a scan, and its date alike in every zone', () => {
    const text = xmp(scan, { keywords: 'all', date: '1975-07-04T02:30:00' })
    expect(read(['-PXkt'], text)).toContain('東京タワー')
    expect(read(['-PIt', '-g', 'Keywords'], text).trimEnd().split('\n')).toHaveLength(3)
    const [utc, newYork] = ['UTC', 'America/New_York'].map((TZ) =>
      read(['-PEkt', '-g', 'DateTimeOriginal'], text, { TZ }),
    )
    expect(utc).toContain('1975:07:04 02:30:00')
    expect(newYork).toBe(utc)
  })

  test('reads a place in the south and below the sea', () => {
    expect(read(['-PEkt', '-g', 'GPS'], xmp(south))).toMatch(/South[\s\S]*West[\s\S]*/)
  })
})
