import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { isAsWritten, noDigest, withoutDigest } from '../../../src/exporter/describe/own-digest.ts'
import { xmpOf } from '../../../src/exporter/describe/xmp.ts'
import type { Image } from '../../../src/exporter/types.ts'
import { albumWith, imageWith } from '../records.ts'
import { written } from './sidecar-examples.ts'

const all = { keywords: 'all', date: undefined } as const
const xmp = (image: Image, options: Parameters<typeof xmpOf>[2] = all) => xmpOf(image, albumWith(), options) ?? ''

test.each(written)('the sidecar of a $name is what it was, and says that and no more', async ({ name, text, says }) => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.xmp`)
  const { 'smugmug:Digest': _, ...read } = Object.fromEntries(parsed(text))
  const lists = Object.entries(says).map(([property, value]) => [property, [value].flat()])
  expect(read).toEqual(Object.fromEntries(lists))
})

test.each(written)('the sidecar of a $name says whether it is as it was written', ({ text }) => {
  expect(isAsWritten(text)).toBe(true)
  expect(isAsWritten(withoutDigest(text))).toBe(false)
  for (const changed of [
    text.replaceAll('\n', '\r\n'),
    `${text}\n`,
    text.replace('AbC123', 'AbC124'),
    text.replace('   <smugmug:Digest>', '   <xmp:Rating>5</xmp:Rating>\n   <smugmug:Digest>'),
    text.replace('</smugmug:Digest>', '</smugmug:Digest><xmp:Rating>5</xmp:Rating>'),
  ])
    expect(isAsWritten(changed)).toBe(false)
})

test('a caption that looks like a digest is none', () => {
  const caption = ` "digest": "${noDigest}",\n   <smugmug:Digest>${noDigest}</smugmug:Digest>`
  expect(isAsWritten(xmp(imageWith({ caption })))).toBe(true)
})

test('there is no sidecar of a picture of which SmugMug knows nothing that its file does not', () => {
  expect(xmpOf(imageWith({ webUri: 'https://x/y' }), albumWith(), all)).toBeUndefined()
  expect(xmpOf(imageWith({ title: 'IMG_1.JPG' }), albumWith(), all)).toBeUndefined()
  expect(
    xmpOf(imageWith({ keywords: ['img'], fileName: 'IMG 1.JPG' }), albumWith(), { ...all, keywords: 'typed' }),
  ).toBeUndefined()
  // Of characters that XML has no place for, and nobody sees.
  for (const facts of [{ caption: '\0\u0007' }, { title: '\ud800' }, { keywords: ['\uffff', ' \u0001 '] }])
    expect(xmpOf(imageWith(facts), albumWith(), all)).toBeUndefined()
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
  [90, 'N', '90,0.000000N'],
  [-90, 'S', '90,0.000000S'],
  [0, 'N', '0,0.000000N'],
  [0.000000008, 'N', '0,0.000000N'],
  [-0.00000001, 'S', '0,0.000001S'],
])('latitude %s is carried over and has its letter %s', (latitude, _, text) => {
  expect(xmp(imageWith({ latitude, longitude: 10 }))).toContain(`<exif:GPSLatitude>${text}<`)
})

test.each([
  [180, '180,0.000000E'],
  [-180, '180,0.000000W'],
  [179.99999999999, '180,0.000000E'],
  [-0.5, '0,30.000000W'],
])('longitude %s has its digits and its letter', (longitude, text) => {
  expect(xmp(imageWith({ latitude: 1, longitude }))).toContain(`<exif:GPSLongitude>${text}<`)
})

test('any place comes back to two millimetres, with its sign', () => {
  const digits = (degrees: number) => fc.double({ min: -degrees, max: degrees, noNaN: true })
  fc.assert(
    fc.property(digits(90), digits(180), (latitude, longitude) => {
      const read = parsed(xmp(imageWith({ latitude, longitude })))
      for (const [degrees, property, letters] of [
        [latitude, 'exif:GPSLatitude', 'NS'],
        [longitude, 'exif:GPSLongitude', 'EW'],
      ] as const) {
        const [, whole, minutes, letter = ''] = /^(\d+),(\d+\.\d{6})([NSEW])$/.exec(read.get(property)?.[0] ?? '') ?? []
        expect(Number(minutes)).toBeLessThan(60)
        expect(letters.indexOf(letter)).toBe(degrees < 0 ? 1 : 0)
        expect(Math.abs(Number(whole) + Number(minutes) / 60 - Math.abs(degrees)) * 111_320).toBeLessThan(0.002)
      }
    }),
  )
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
  const open: { name: string; text: string; isLeaf: boolean }[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => {
    for (const around of open) around.isLeaf = false
    open.push({ name, text: '', isLeaf: true })
  })
  parser.on('text', (text) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += text
  })
  parser.on('closetag', () => {
    const closed = open.pop()
    const property = closed?.name === 'rdf:li' ? open.at(-2)?.name : closed?.name
    if (closed?.isLeaf && property !== undefined) texts.set(property, [...(texts.get(property) ?? []), closed.text])
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
    text.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/\r\n?/g, '\n')
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 5 }), hostile, (keywords, key) => {
      const kept = [...new Set(keywords.map((each) => holds(each).trim()).filter(Boolean))]
      const texts = parsed(xmp(imageWith({ keywords, key, title: 'x' })))
      expect(texts.get('dc:subject') ?? []).toEqual(kept)
      expect(texts.get('smugmug:ImageKey') ?? ['']).toEqual([holds(key)])
    }),
    { numRuns: 3000 },
  )
})
