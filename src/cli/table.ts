import stringWidth from 'string-width'
import { printable } from '../app/text/printable.ts'
import { usable } from './printer.ts'

export interface TableOptions {
  /** Columns that are flush right. */
  right?: readonly number[]
  /** Columns of the terminal; anything fits where there is none. */
  width?: number | undefined
  /** What a narrow terminal does without, the least missed first. */
  optional?: readonly number[]
}

/** Rows in columns as wide as their widest cell on a terminal. A cell's line breaks become spaces. */
export function table(
  given: readonly (readonly string[])[],
  { right = [], width, optional = [] }: TableOptions = {},
): string {
  const rows = given.map((row) => row.map(printable))
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))
  const dropped = new Set<number>()
  const shown = () => widths.filter((_, column) => !dropped.has(column))
  const isTooWide = () => shown().reduce((sum, each) => sum + each + 2, -2) > usable(width)
  for (const column of width === undefined ? [] : optional) if (isTooWide()) dropped.add(column)
  const line = (row: readonly string[]) =>
    row
      .flatMap((cell, column) => {
        if (dropped.has(column)) return []
        const space = ' '.repeat((widths[column] ?? 0) - stringWidth(cell))
        return right.includes(column) ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}
