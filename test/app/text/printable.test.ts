import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { printable } from '../../../src/app/text/printable.ts'
import { cutEnd, cutStart } from '../../../src/cli/render/cut.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })

test('whatever a name holds, nothing in it moves the cursor or turns the line around', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      expect(printable(`${name}\x1b[2J\u009b2K\u202e${name}`)).not.toMatch(
        /[\p{Control}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u,
      )
    }),
  )
})

test('a cut text never takes more columns than there are', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 40 }), (name, columns) => {
      expect(stringWidth(cutEnd(printable(name), columns))).toBeLessThanOrEqual(columns)
      expect(stringWidth(cutStart(printable(name), columns))).toBeLessThanOrEqual(columns)
    }),
  )
})

test('ordinary names stay as they are, wide ones are cut by columns and between characters', () => {
  expect(printable('Zürich – 東京 👩‍👩‍👧 עברית.jpg')).toBe('Zürich – 東京 👩‍👩‍👧 עברית.jpg')
  expect(cutEnd('東京の写真', 7)).toBe('東京の…')
  expect(cutStart('Travel/東京/IMG_1.jpg', 12)).toBe('…/IMG_1.jpg')
  expect(cutEnd('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…')
})

test('line breaks and tabs become a space, other controls become visible', () => {
  expect(printable('a\r\nb\tc\u2028d')).toBe('a b c d')
  expect(printable('a\x07\x1b]0;title\x07')).toBe('a��]0;title�')
})
