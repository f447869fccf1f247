import { posix } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globMatcher, literal } from '../../../src/engine/account/glob.ts'
import { expectLinear } from '../../growth.ts'

test.each([
  ['*', '.hidden', true],
  ['*', 'a/b', false],
  ['**', 'a/b', true],
  ['**/b', 'b', true],
  ['**/b', 'a/a/b', true],
  ['**/b', 'ab', false],
  ['a/**/b', 'a/b', true],
  ['a/**', 'a', false],
  ['a**', 'abc', true],
  ['a**', 'ab/c', false],
  ['a?c', 'aÄc', true],
  ['a?c', 'a🏔c', true],
  ['?', '/', false],
  ['[!/]', '/', false],
  ['[a-c]x', 'Bx', true],
  ['[^a-c]x', 'Bx', false],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  ['[\\]]', ']', true],
  ['[a', '[a', true],
  ['[a*', '[ab', true],
  ['{a,b{c,d}}e', 'bde', true],
  ['{a,b{c,d}}e', 'be', false],
  ['{**/,}x', 'a/x', true],
  ['{,x}*', 'y', true],
  ['{a}*', '{a}b', true],
  ['{a,b*', '{a,bc', true],
  ['\\{a,b\\}', 'a', false],
  ['a\\', 'a\\', true],
  ['*', 'two\nlines', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(globMatcher(pattern)(text)).toBe(expected)
})

const odd = fc.string({ unit: fc.constantFrom(...'ab/*?[]{},!-\\.'), maxLength: 12 })

test('any pattern is a pattern, means what equals it, and a literal one means nothing else (2,000 patterns)', () => {
  fc.assert(
    fc.property(odd, fc.oneof(odd, fc.string({ unit: 'binary' })), (pattern, text) => {
      globMatcher(pattern)(text)
      expect(globMatcher(text)(text)).toBe(true)
      expect(globMatcher(literal(text))(text)).toBe(true)
      expect(globMatcher(literal(text))(`${text}a`)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})

test('where there are stars, braces and no hidden names, it agrees with Node (2,000 patterns)', () => {
  const plain = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]', '{a,b}')
  const name = fc.array(plain, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
  const pattern = fc
    .array(fc.oneof(name, fc.constant('**')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
    .filter((text) => !/[^/]\*\*|\*\*[^/]|\*\*\/\*\*/.test(text))
  const text = fc
    .array(fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      expect(globMatcher(pattern)(text)).toBe(posix.matchesGlob(text, pattern))
    }),
    { numRuns: 2_000 },
  )
})

test.each(['*a*a*a*a*b', '**/a*/**/a*/**/b', '{a,aa}*{a,aa}*{a,aa}*b', '*[a-b]*[a-c]?*b'])(
  '%s takes twice the time for a name of twice the length',
  async (pattern) => {
    await expectLinear(20_000, (size) => {
      const isMeant = globMatcher(pattern)
      return () => expect(isMeant('a'.repeat(size))).toBe(false)
    })
  },
)
