import type { Readable } from 'node:stream'
import type { Environment } from '../app/environment.ts'
import type { Printer } from './printer.ts'

/** The terminal and the rest of the outside world. Only `src/cli/` has access to the streams. */
export interface Io extends Environment {
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): void }
  readonly stdout: Printer
  readonly stderr: Printer
  /** Milliseconds since 1970. */
  now(): number
}
