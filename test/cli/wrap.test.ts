import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrapped } from '../../src/cli/wrap.ts'
import { testIo } from './world.ts'

it.each([
  ['fits', 20, ['fits']],
  ['three words here', 11, ['three words', 'here']],
  ['ok  syncs  What is recorded survives a cut', 31, ['ok  syncs  What is recorded', '           survives a cut']],
  ['  an item: that goes on', 14, ['  an item:', '    that goes', '    on']],
  [
    'see https://api.smugmug.com/api/developer/apply first',
    12,
    ['see', 'https://api.smugmug.com/api/developer/apply', 'first'],
  ],
  ['日本語 日本語', 8, ['日本語', '日本語']],
  ['Which one? ', 30, ['Which one? ']],
])('wraps %j at %d columns', (line, columns, lines) => {
  expect(wrapped(line, columns)).toEqual(lines)
})

it('loses, adds and breaks no word, and is no wider than asked for but for a word that is (1,000 lines)', () => {
  const line = fc
    .array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).filter((word) => !/^\s/.test(word)))
    .map((words) => words.join(' '))
  fc.assert(
    fc.property(line, fc.integer({ min: 8, max: 60 }), (line, columns) => {
      const lines = wrapped(line, columns)
      const words = (text: string) => text.split(/\s+/).filter(Boolean)
      expect(lines.flatMap(words)).toEqual(words(line))
      for (const each of lines) expect(each.trim().length <= columns || words(each).length === 1).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

it('a terminal gets prose that is wrapped, and JSON and scripts as they are; a pipe gets all as it is', () => {
  const prose = 'smugdl needs an API key of your own\n'
  const json = '{"type":"run.started","account":"Marisol Vega"}\n'
  const terminal = testIo({ tty: true, columns: 21 })
  terminal.stdout.write(prose + json)
  terminal.stdout.writeUnwrapped(prose)
  expect(terminal.out()).toBe(`smugdl needs an API\nkey of your own\n${json}${prose}`)
  const pipe = testIo({ columns: 21 })
  pipe.stdout.write(prose)
  expect(pipe.out()).toBe(prose)
})
