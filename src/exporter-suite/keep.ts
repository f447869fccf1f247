import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Access for the suite to an exporter's files, to inspect and tamper with them: in the output, or where the exporter keeps them elsewhere. Paths
 * are those of deliveries.
 */
export interface Keep extends AsyncDisposable {
  /** Options that set the exporter's place, in addition to its defaults. */
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** SHA-256 of every file by its path, sorted; without internal files of smugdl and the exporter. */
  files(): Promise<Map<string, string>>
  /** Undefined for none. */
  read(path: string): Promise<string | undefined>
  /** Writes a foreign file there, replacing any file. */
  plant(path: string, text: string): Promise<void>
  /** Removes all files, as a user would. */
  empty(): Promise<void>
  /** A copy of the current state, for a copy of the output that was just made: what a kill would leave. */
  fork(copy: string): Promise<Keep>
  /** A value that changes whenever a kill would leave another state; absent if all files are in the output. */
  fingerprint?(): Promise<string>
}

/** Opens the place for a new output. */
export type OpenKeep = (output: string) => Promise<Keep>

/** The output itself. */
export async function openOutput(output: string): Promise<Keep> {
  return {
    options: {},
    async files() {
      const found: [string, string][] = []
      for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name)
        const name = relative(output, path).replaceAll(sep, '/')
        if (name.startsWith('.smugdl/') || entry.isDirectory()) continue
        assert.ok(entry.isFile(), `${name} is neither a file nor a folder`)
        found.push([
          name,
          createHash('sha256')
            .update(await readFile(path))
            .digest('hex'),
        ])
      }
      return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
    },
    read: (path) => readFile(join(output, path), 'utf8').catch(() => undefined),
    async plant(path, text) {
      await mkdir(dirname(join(output, path)), { recursive: true })
      await writeFile(join(output, path), text)
    },
    async empty() {
      for (const name of await readdir(output))
        if (name !== '.smugdl') await rm(join(output, name), { recursive: true })
    },
    fork: openOutput,
    async [Symbol.asyncDispose]() {},
  }
}
