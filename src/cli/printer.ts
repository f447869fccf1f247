import type { Writable } from 'node:stream'
import { printableLines } from '../app/text/printable.ts'
import { wrapped } from './wrap.ts'

/**
 * Standard output or standard error, and the only way there: whatever is written is made harmless first, so that no name, version or
 * error from outside can speak to a terminal.
 */
export interface Printer {
  /** Lines with their line breaks; on a terminal they are wrapped at words, but for JSON. */
  write(text: string): void
  /** Lines that are to be copied or run: never wrapped. */
  writeUnwrapped(text: string): void
  /** As it is: for the cursor movements of the live area, around lines that it has made harmless itself. */
  writeRaw(text: string): void
  readonly isTTY: boolean
  /** Undefined if it is not a terminal. A terminal may be resized at any time. */
  readonly columns: number | undefined
  readonly rows: number | undefined
}

export function printer(stream: Writable & { isTTY?: boolean; columns?: number; rows?: number }): Printer {
  const fitting = (line: string) =>
    stream.isTTY === true && !line.startsWith('{"') ? wrapped(line, usable(stream.columns)).join('\n') : line
  const writeUnwrapped = (text: string) => void stream.write(printableLines(text))
  return {
    write: (text) => writeUnwrapped(text.split('\n').map(fitting).join('\n')),
    writeUnwrapped,
    writeRaw: (text) => void stream.write(text),
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
  }
}

/** Columns of a terminal that may be written to, 79 where it does not say. The last one stays free: a cursor that waits behind it wraps on some terminals only. */
export function usable(columns: number | undefined): number {
  return Math.max(1, (columns || 80) - 1)
}
