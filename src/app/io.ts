import type { Readable, Writable } from 'node:stream'

/** The world outside, entering here: what a command reads from and writes to. Nothing below `src/cli/` sees it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): void }
  readonly stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number }
  readonly stderr: Writable & { isTTY?: boolean; columns?: number; rows?: number }
  readonly platform: NodeJS.Platform
  /** The current folder; reading it throws `usage` where it was deleted. */
  readonly cwd: string
  /** How this program is started: the executable, and unless everything is in that, the file that it runs. */
  readonly program: readonly string[]
  /** Milliseconds since 1970. */
  now(): number
}
