import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../app/environment.ts'

/** The terminal and the rest of the world outside, entering here. Nothing below `src/cli/` sees the streams. */
export interface Io extends Environment {
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): void }
  readonly stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number }
  readonly stderr: Writable & { isTTY?: boolean; columns?: number; rows?: number }
  /** Milliseconds since 1970. */
  now(): number
}
