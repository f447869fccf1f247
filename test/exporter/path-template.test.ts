import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { albumTemplate, pathTemplate } from '../../src/exporter/path-template.ts'
import { safeName } from '../../src/exporter/safe-name.ts'
import { nastyName, objections } from './names-on-disk.ts'
import { albumWith, imageWith } from './records.ts'

const account = { nickName: 'janedoe' }
const image = imageWith({
  capturedAt: '2025-12-31T23:30:05',
  uploadedAt: '2026-01-02T08:00:00+00:00',
  title: '5/6 Lions',
  position: 6,
})
const path = (template: string, facts = image, album = albumWith()) =>
  pathTemplate(template).pathOf({ image: facts, album, account }).join('/')

test.each([
  ['{album.path}/{name}', 'Travel/Tokyo/IMG_1.JPG'],
  ['{album.url}/{name}', 'Travel/Tokyo-Trip/IMG_1.JPG'],
  ['{album.path: - }/{name}', 'Travel - Tokyo/IMG_1.JPG'],
  ['{captured:%Y/%Y-%m-%d}/{name}', '2025/2025-12-31/IMG_1.JPG'],
  ['{captured|uploaded:%Y/%m/%d}/{name}', '2025/12/31/IMG_1.JPG'],
  ['{album.path}/{position:%04d }{name}', 'Travel/Tokyo/0007 IMG_1.JPG'],
  ['{album.path}/{captured:%Y%m%d_%H%M%S }{title|stem}{ext}', 'Travel/Tokyo/20251231_233005 5-6 Lions.JPG'],
  ['{kind}/{captured:%Y|"undated"}/{key}{ext}', 'photo/2025/kQ3v9Zt.JPG'],
  ['{account}/{album}/{stem}', 'janedoe/Tokyo/IMG_1.JPG'],
  ['{{{key}}}', '{kQ3v9Zt}.JPG'],
  ['{title:%.3s…}{ext}', '5-6….JPG'],
  ['{captured:%a %d %b %j %y, week %V of %G}/{name}', 'Wed 31 Dec 365 25, week 01 of 2026/IMG_1.JPG'],
])('%s is %s', (template, expected) => {
  expect(path(template)).toBe(expected)
})

describe('without a value', () => {
  const bare = imageWith({ fileName: '', name: 'kQ3v9Zt.JPG' })
  test.each([
    ['{captured:%Y|"undated"}/{name}', 'undated/kQ3v9Zt.JPG'],
    ['{captured:%Y/%m}/{name}', 'kQ3v9Zt.JPG'],
    ['{title:%s - }{key}', 'kQ3v9Zt.JPG'],
    ['{captured:%Y%m%d_%H%M%S }{title|stem}{ext}', 'kQ3v9Zt.JPG'],
    ['{album}/{title}', 'Tokyo/kQ3v9Zt.JPG'],
    ['{captured|uploaded:%Y|"no date"}/{name}', 'no date/kQ3v9Zt.JPG'],
  ])('%s is %s', (template, expected) => {
    expect(path(template, bare)).toBe(expected)
  })
})

test.each([
  ['{albm.path}/{name}', /column 2: there is no field albm\.path/, /album\.path/],
  ['{captured:%Q}/{name}', /column 11: %Q is no code/, /%Y/],
  ['{album.path}/{name', /column 19: a } is missing/, /\{field\}/],
  ['name}', /column 5: this brace closes nothing/, /\}\}/],
  ['../{name}', /column 1: \.\. would leave the output/, /Leave/],
  ['{album}/ .. /{name}', /column 9: \.\. would leave/, /Leave/],
  ['/home/{name}', /column 1: a path is below the output/, /Leave/],
  ['C:/{name}', /column 1/, /Leave/],
  ['{album}\\{name}', /column 8: folders are separated by \//, /Write \//],
  ['{captured:%Y\\%m}/{name}', /column 13: folders are separated by \//, /Write \//],
  ['{position:%s}{name}', /column 11: %s is no code/, /%04d/],
  ['{name:plain}', /column 7: this format has no % code/, /%s/],
  ['{captured|"undated}/{name}', /column 11: this quotation mark is never closed/, /undated/],
  ['{}/{name}', /column 2: the name of a field is missing/, /smugdl fields/],
  ['', /column 1: it is empty/, /\{album\.path\}/],
])('%s is refused with the column and what to do', (template, what, next) => {
  let thrown: unknown
  try {
    pathTemplate(template)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ kind: 'usage', what: expect.stringMatching(what), next: expect.stringMatching(next) })
})

test('a path stays below the output, of safe names only, with the extension of what is delivered, and the same for the same values', () => {
  const piece = fc.constantFrom(
    '{name}',
    '{title}',
    '{album}',
    '{fileName}',
    '{stem}',
    '{key}',
    '{album.path}',
    '{album.url}',
    '{album.path:..}',
    '{captured:%Y/%m}',
    '{title:../%s/..}',
    '{account}',
    '/',
    ' ',
    '.',
    '-',
    '{{',
    '}}',
    '{title|album|"."}',
    '{position:%04d}',
    '{kind}',
    '//',
  )
  const template = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(template, nastyName, nastyName, nastyName, (text, title, name, albumName) => {
      let parsed: ReturnType<typeof pathTemplate>
      try {
        parsed = pathTemplate(text)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'usage' })
        return
      }
      const file = `${safeName(name, 'k')}.jpg`
      const values = {
        image: imageWith({ title, fileName: name, name: file, capturedAt: '2019-05-01T10:00:01' }),
        album: albumWith({ name: albumName, urlPath: `/${albumName}` }),
        account,
      }
      const names = parsed.pathOf(values)
      expect(names.length).toBeGreaterThan(0)
      for (const each of names) {
        expect(objections(each)).toEqual([])
        expect(safeName(each, '_')).toBe(each)
      }
      expect(names.at(-1)?.toLowerCase()).toMatch(/\.jpg$/)
      expect(parsed.pathOf(values)).toEqual(names)
    }),
    { numRuns: 2000 },
  )
})

test('a template of any text is parsed or refused with usage, never with another error', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}|:"/%\\.ab capturednm04sYd') }), (text) => {
      try {
        pathTemplate(text).pathOf({ image, album: albumWith(), account })
      } catch (error) {
        expect(error).toMatchObject({ kind: 'usage' })
      }
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['{album.path}/{name}', 'Travel/Tokyo'],
  ['{account}/{album.path: - }/{captured:%Y}/{name}', 'janedoe/Travel - Tokyo'],
  ['{captured:%Y}/{album}/{name}', ''],
  ['{album}', ''],
  ['all/{album} {position}/{name}', 'all'],
])('the folder of all pictures of an album by %s is "%s"', (template, expected) => {
  expect(pathTemplate(template).folderOf({ album: albumWith(), account }).join('/')).toBe(expected)
})

test.each([
  ['{album.path}.zip', 'Travel/Tokyo.zip'],
  ['{album.path: - }', 'Travel - Tokyo.zip'],
  ['{account}/{album.key}', 'janedoe/AbC123.zip'],
  ['archives/{album.date:%Y}', 'archives/AbC123.zip'],
])('the archive of an album by %s is %s', (template, expected) => {
  expect(albumTemplate(template).pathOf({ album: albumWith(), account }, '.zip').join('/')).toBe(expected)
})

test('a field of a picture in the path of an album is refused with its column', () => {
  expect(() => albumTemplate('{album}/{captured:%Y}')).toThrow(/column 10: captured is of a picture/)
})
