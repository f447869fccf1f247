import stringWidth from 'string-width'
import { printable } from '../../app/text/printable.ts'
import { type Printer, usable } from '../printer.ts'
import { wrapped } from '../wrap.ts'
import { cutEnd } from './cut.ts'

/** The last lines of a terminal, drawn over and over, with ordinary output scrolling above them. */
export interface LiveArea {
  /** Replaces what was drawn. Each line must fit. */
  draw(lines: string[]): void
  /** An ordinary line above the area, wrapped at words. */
  print(line: string): void
  /** Takes the area off the screen. */
  clear(): void
  /** Columns and rows that may be used; the terminal may be resized at any time. */
  columns(): number
  rows(): number
}

/**
 * Every change is one `write`, so that a kill between two writes leaves a terminal that works. Line wrapping is off while the area is
 * drawn (DECAWM): where terminal and Unicode disagree about the width of a character, the line is cut instead of becoming two.
 */
export function liveArea(terminal: Printer): LiveArea {
  let drawn: string[] = []

  const columns = () => usable(terminal.columns)

  function erase(): string {
    if (drawn.length === 0) return ''
    // A terminal that became narrower has wrapped the lines that are on it.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / (columns() + 1))), 0)
    return `\x1b[${rows}A\r\x1b[J`
  }

  function paint(lines: string[]): string {
    return lines.length === 0 ? '' : `\x1b[?7l${lines.map((line) => `${printable(line)}\n`).join('')}\x1b[?7h`
  }

  return {
    draw(lines) {
      if (lines.length === drawn.length && lines.every((line, index) => line === drawn[index])) return
      terminal.writeRaw(erase() + paint(lines))
      drawn = lines
    },
    print(line) {
      const erasing = erase()
      drawn = drawn.map((old) => cutEnd(old, columns()))
      terminal.writeRaw(`${erasing}${wrapped(printable(line), columns()).join('\n')}\n${paint(drawn)}`)
    },
    clear() {
      if (drawn.length > 0) terminal.writeRaw(erase())
      drawn = []
    },
    columns,
    rows: () => terminal.rows || 24,
  }
}
