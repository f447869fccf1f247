import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(dirname(import.meta.dirname), '.cache/npm')

/** A package of the npm registry; `integrity` as `npm view NAME@VERSION dist.integrity` prints it. */
export interface NpmPackage {
  name: string
  version: string
  integrity: string
}

/**
 * Unpacks one file of a package into `folder` and returns its path. The package is fetched once with `npm pack` and kept
 * in `.cache/npm`; each use checks its hash. So a package for another system can be had, which `npm install` would refuse.
 */
export async function unpackFile(npmPackage: NpmPackage, file: string, folder: string): Promise<string> {
  const { name, version, integrity } = npmPackage
  const tarball = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  if (!(await isIntact(tarball, integrity))) await fetchPackage(npmPackage, tarball)
  await mkdir(folder, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', `package/${file}`])
  return join(folder, file)
}

async function fetchPackage({ name, version, integrity }: NpmPackage, tarball: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'fetch-'))
  try {
    const shell = process.platform === 'win32' // npm is a .cmd file there
    const args = ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`]
    const { stdout } = await run('npm', args, { shell })
    const fetched = join(folder, stdout.trim())
    if (!(await isIntact(fetched, integrity))) {
      throw new Error(`${name}@${version} from the registry is not what it was: its hash differs; it was thrown away`)
    }
    await rename(fetched, tarball)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isIntact(file: string, integrity: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined)
  return bytes !== undefined && `sha512-${hash('sha512', bytes, 'base64')}` === integrity
}
