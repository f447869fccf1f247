import type { Writable } from 'node:stream'
import { printableLines } from '../app/text/printable.ts'

/**
 * Standard output or standard error, and the only way there: whatever is written is made harmless first, so that no name, version or
 * error from outside can speak to a terminal.
 */
export interface Printer {
  /** Lines with their line breaks. */
  write(text: string): void
  /** As it is: for the cursor movements of the live area, around lines that it has made harmless itself. */
  writeRaw(text: string): void
  readonly isTTY: boolean
  /** Undefined where it is no terminal. A terminal may be resized at any time. */
  readonly columns: number | undefined
  readonly rows: number | undefined
}

export function printer(stream: Writable & { isTTY?: boolean; columns?: number; rows?: number }): Printer {
  return {
    write: (text) => void stream.write(printableLines(text)),
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
