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

it('table() leaves out, where a terminal is narrow, as many columns as it must', () => {
  const rows = [
    ['run', 'began', 'took', 'ended'],
    ['1', '2026-11-29 03:15', '4 min 10 s', 'finished'],
  ]
  const headings = (width: number | undefined) =>
    table(rows, { width, optional: [2, 1] })
      .split('\n')[0]
      ?.split(/ +/)
  expect(headings(undefined)).toEqual(['run', 'began', 'took', 'ended'])
  expect(headings(44)).toEqual(['run', 'began', 'took', 'ended'])
  expect(headings(42)).toEqual(['run', 'began', 'ended'])
  expect(headings(20)).toEqual(['run', 'ended'])
})
