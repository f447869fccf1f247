import { expect, it } from 'vitest'
import { table } from '../../src/cli/table.ts'

it('table() lines up what is wider on a terminal than it is long', () => {
  const rows = [
    ['1', 'ローマ', 'x'],
    ['1,200', 'Rome', 'y'],
    ['', '🏔', ''],
  ]
  expect(table(rows, { right: [0] })).toBe('    1  ローマ  x\n1,200  Rome    y\n       🏔\n')
})

it('table() of nothing is nothing', () => {
  expect(table([])).toBe('')
})
