import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of its own under the temporary ones, removed by `using`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'smugdl-catalog-'))

  at(...names: string[]): string {
    return join(this.path, ...names)
  }

  /** All files by name with their bytes, to tell whether anything changed. */
  files(): Record<string, string> {
    const files = readdirSync(this.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return Object.fromEntries(
      files
        .map(({ parentPath, name }) => join(parentPath, name))
        .sort()
        .map((path) => [path.slice(this.path.length + 1), readFileSync(path, 'base64')]),
    )
  }

  names(): string[] {
    return Object.keys(this.files())
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
