import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeName } from '../../src/exporter/safe-name.ts'
import { nastyName, objections } from './names-on-disk.ts'

test.each([
  ['dots', `a${'.'.repeat(3_000_000)}b`, 'a.b'],
  ['blanks', `a${' '.repeat(3_000_000)}b`, 'a'],
  ['accents out of order', `a${'\u0301\u0323'.repeat(1_000_000)}`, undefined],
])('a name of millions of %s is cut before it is cleaned, and does not stall', (_, displayName, name) => {
  const given = safeName(displayName, 'KEY')
  expect(objections(given)).toEqual([])
  if (name !== undefined) expect(given).toBe(name)
})

describe('safeName()', () => {
  test.each([
    ['5/6 Lax vs Scarsdale', '5-6 Lax vs Scarsdale'],
    ['IMG_0042.JPG', 'IMG_0042.JPG'],
    ['Italy: "Best of Rome"', "Italy - 'Best of Rome'"],
    ['Sunrise : 10:30 | AC/DC', 'Sunrise - 10-30 - AC-DC'],
    ['Who is this?', 'Who is this_'],
    ['KGkZtq-0!largestvideo?MaxSize=VideoSize1920.mp4', 'KGkZtq-0!largestvideo_MaxSize=VideoSize1920.mp4'],
    ['Tom & Jerry <3 #1 (50%) + {x}; ~', 'Tom & Jerry _3 #1 (50%) + {x}; ~'],
    ['What’s next...', 'What’s next'],
    ['...and then', '_...and then'],
    ['  two\r\nlines\t', 'two lines'],
    ['IMG  0001.jpg', 'IMG  0001.jpg'],
    ['.smugdl', '_.smugdl'],
    ['SMUGDL~1', 'SMUGDL_1'],
    ['DSC000~1.JPG', 'DSC000_1.JPG'],
    ['~1 of 5', '~1 of 5'],
    ['aux.jpg', '_aux.jpg'],
    ['NUL .tar.gz', '_NUL .tar.gz'],
    ['COM¹', '_COM¹'],
    ['Console.jpg', 'Console.jpg'],
    ['COM10', 'COM10'],
    ['e\u0301te\u0301', 'été'],
    ['\u202Egpj.exe', 'gpj.exe'],
    ['We ❤️ 👩‍👩‍👧', 'We ❤️ 👩‍👩‍👧'],
    ['می‌خواهم', 'می‌خواهم'],
    ['葛󠄀城', '葛󠄀城'],
    ['العربية', 'العربية'],
    ['\ud83d alone', '_ alone'],
    ['a\uf02fb', 'a_b'],
    ['≮', '_\u0338'],
  ])('makes %j %j', (displayName, name) => {
    expect(safeName(displayName, 'KEY')).toBe(name)
  })

  test.each(['', '   ', '...', '. .', '\u200b\u202e', '\u200d', '\ufe0f', '\n\t'])(
    'takes the fallback for %j',
    (displayName) => {
      expect(safeName(displayName, 'kQ3v9Zt')).toBe('kQ3v9Zt')
    },
  )

  test('is a name even when the fallback is none', () => {
    expect(safeName('', '')).toBe('_')
    expect(safeName('', '../..')).toBe('_..-')
  })

  test('keeps the extension of a long name, and cuts through no character that is seen as one', () => {
    expect(safeName(`${'x'.repeat(300)}.jpeg`, 'KEY')).toBe(`${'x'.repeat(195)}.jpeg`)
    const families = safeName('👩‍👩‍👧'.repeat(40), 'KEY')
    expect(families).toBe('👩‍👩‍👧'.repeat(11))
    expect(safeName(`${'각'.repeat(100)}.jpg`, 'KEY')).toBe(`${'각'.repeat(65)}.jpg`)
  })

  test('does not take the end of a sentence for an extension', () => {
    expect(safeName(`${'x'.repeat(5000)}.jpeg`, 'KEY')).toBe(`${'x'.repeat(195)}.jpeg`)
    expect(safeName(`${'x'.repeat(300)}. And what came after it`, 'KEY')).toBe('x'.repeat(200))
    expect(safeName(`${'x'.repeat(300)}.averyveryverylongword`, 'KEY')).toBe('x'.repeat(200))
  })

  test('does not make a device by cutting', () => {
    expect(safeName(`CON${' '.repeat(250)}x.jpg`, 'KEY')).toBe('_CON.jpg')
  })

  test('is legal on Windows, macOS and Linux, whatever the display name', () => {
    fc.assert(
      fc.property(nastyName, nastyName, (displayName, fallback) => {
        expect(objections(safeName(displayName, fallback))).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('leaves a safe name as it is', () => {
    fc.assert(
      fc.property(nastyName, (displayName) => {
        const name = safeName(displayName, 'KEY')
        expect(safeName(name, 'OTHER')).toBe(name)
      }),
      { numRuns: 2000 },
    )
  })

  test('treats every character of Unicode legally and the same way twice', () => {
    for (let first = 0; first <= 0x10ffff; first += 32) {
      const characters = Array.from({ length: 32 }, (_, offset) => String.fromCodePoint(first + offset))
      const name = safeName(characters.join('a'), 'KEY')
      expect(objections(name)).toEqual([])
      expect(safeName(name, 'OTHER')).toBe(name)
    }
  })
})
