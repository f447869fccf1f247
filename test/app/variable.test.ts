import { expect, test } from 'vitest'
import { variableIn } from '../../src/app/variable.ts'

test.each([
  ['plain', 'plain'],
  [' plain\u00a0\n', 'plain'],
  ['"quoted"', 'quoted'],
  [" 'quoted' ", 'quoted'],
  ['"two words"', 'two words'],
  ['"open', '"open'],
  [`"it's"`, "it's"],
  [`"'twice'"`, "'twice'"],
  ['""', undefined],
  ['"', '"'],
  ['', undefined],
  ['  ', undefined],
])('a variable that holds %j says %j', (held, says) => {
  expect(variableIn({ NAME: held }, 'NAME')).toBe(says)
})

test('one that is not set says nothing', () => {
  expect(variableIn({}, 'NAME')).toBeUndefined()
})
