import stringWidth from 'string-width'
import { printable } from '../app/text/printable.ts'

/** Rows in columns as wide as their widest cell on a terminal; columns named in `right` are flush right. A cell's line breaks become spaces. */
export function table(
  given: readonly (readonly string[])[],
  { right = [] }: { right?: readonly number[] } = {},
): string {
  const rows = given.map((row) => row.map(printable))
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - stringWidth(cell))
        return right.includes(column) ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}
