import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { nodeVersion, type Target } from './targets.ts'

const run = promisify(execFile)
const cache = join(dirname(import.meta.dirname), '.cache/node')

/**
 * Unpacks the target's Node into `folder` and returns the path of the executable. The package is fetched once with
 * `npm pack` and kept in `.cache/node`; each use checks it against the hash in targets.ts.
 */
export async function unpackNode(target: Target, folder: string): Promise<string> {
  const tarball = join(cache, `${target.nodePackage}-${nodeVersion}.tgz`)
  if (!(await isIntact(tarball, target.integrity))) await fetchPackage(target, tarball)
  const executable = target.platform === 'windows' ? 'package/bin/node.exe' : 'package/bin/node'
  await run('tar', ['-xzf', tarball, '-C', folder, executable])
  return join(folder, executable)
}

async function fetchPackage(target: Target, tarball: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'fetch-'))
  try {
    const specifier = `${target.nodePackage}@${nodeVersion}`
    const shell = process.platform === 'win32' // npm is a .cmd file there
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, specifier], { shell })
    const fetched = join(folder, stdout.trim())
    if (!(await isIntact(fetched, target.integrity))) {
      throw new Error(
        `${specifier} from the registry has not the hash that scripts/targets.ts expects; it was thrown away`,
      )
    }
    await rename(fetched, tarball)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isIntact(file: string, integrity: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined)
  return bytes !== undefined && `sha512-${createHash('sha512').update(bytes).digest('base64')}` === integrity
}
