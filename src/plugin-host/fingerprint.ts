import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The current state of a plugin on disk. */
export interface Fingerprint {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** SHA-256 of the names and bytes of all its files, including those of packages in it: 64 lower-case hexadecimal digits. */
  readonly sha256: string
}

/** Reads every file of the plugin at `path`, a file or a folder; the target of a symbolic link counts in place of the link. */
export async function fingerprintOf(path: string): Promise<Fingerprint> {
  const hash = createHash('sha256')
  const root = await realpath(path)
  const around: string[] = []
  const visit = async (at: string, name: string): Promise<void> => {
    const real = await realpath(at)
    if (!(await stat(real)).isDirectory()) {
      const bytes = await readFile(real)
      // Lengths, so that no two different sets of files give the same input.
      hash.update(JSON.stringify([name, bytes.length])).update(bytes)
      return
    }
    // A link to a folder around it: its files are counted already.
    if (around.includes(real)) return
    around.push(real)
    for (const entry of (await readdir(real)).sort()) await visit(join(real, entry), `${name}/${entry}`)
    around.pop()
  }
  await visit(root, '')
  return { path: root, sha256: hash.digest('hex') }
}
