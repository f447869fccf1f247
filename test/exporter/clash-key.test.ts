import { expect, test } from 'vitest'
import { clashKey } from '../../src/exporter/clash-key.ts'

test.each([
  ['DSC_1.jpg', 'DSC_1.JPG'],
  ['straße', 'STRASSE'],
  ['STRAẞE', 'strasse'],
  ['ıı', 'II'],
  ['ΟΔΟΣ', 'οδος'],
  ['οδοσ', 'οδος'],
  ['é', 'e\u0301'],
  ['q\u0307\u0323', 'q\u0323\u0307'],
  ['a\u200db', 'ab'],
  ['a\u0301\u034f\u0323', 'a\u0323\u0301'],
  ['We ❤️', 'we ❤'],
  ['ﬁn', 'FIN'],
  ['K', 'k'],
  ['.smugdl. ', '.SMUGDL'],
])('clashKey() sees one file in %j and %j', (one, other) => {
  expect(clashKey(one)).toBe(clashKey(other))
})

test.each([
  ['IMG_1.jpg', 'IMG_2.jpg'],
  ['e', 'é'],
  ['a b', 'ab'],
  ['a.jpg', 'ajpg'],
  ['I', 'l'],
  ['And then…', 'And then'],
])('clashKey() sees two files in %j and %j', (one, other) => {
  expect(clashKey(one)).not.toBe(clashKey(other))
})

test('clashKey() is the same for every form and case that a character can take', () => {
  for (let code = 1; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code)
    const lower = character.toLowerCase()
    const upper = character.toUpperCase()
    if (lower === character && upper === character && character.normalize('NFKD') === character) continue
    const forms = [
      lower,
      upper,
      lower.toUpperCase(),
      upper.toLowerCase(),
      ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => character.normalize(form)),
    ]
    expect(new Set([character, ...forms].map((form) => clashKey(`x${form}x`))), character).toHaveProperty('size', 1)
  }
})
