import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What npm cannot know of: Node itself, libatomic. */
export interface Component {
  name: string
  version: string
  license: string
  purl: string
}

/**
 * What the executables are made of, as CycloneDX JSON: npm's own list of our dependencies, and the components beside them.
 * Where npm writes the time and a random number, this has the commit's time and a hash, so that it is repeatable.
 */
export async function sbom(root: string, components: readonly Component[], date: Date): Promise<string> {
  const bom = await bomOfDependencies(root)
  bom.metadata.timestamp = date.toISOString()
  bom.metadata.component.name = 'smugdl' // npm takes the folder's name
  bom.components.push(
    ...components.map(({ name, version, license, purl }) => ({
      'bom-ref': `${name}@${version}`,
      type: name === 'libatomic' ? 'library' : 'platform',
      name,
      version,
      scope: 'required',
      purl,
      licenses: [{ expression: license }],
    })),
  )
  delete bom.serialNumber
  const digest = hash('sha256', JSON.stringify(bom))
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digest) ?? []
  return `${JSON.stringify({ ...bom, serialNumber: `urn:uuid:${a}-${b}-8${c}-8${d}-${e}` }, null, 2)}\n`
}

/** `npm sbom --omit dev` also omits what a development tool happens to need too, so it gets a project without any. */
async function bomOfDependencies(root: string) {
  const facts = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const packages = Object.entries<{ dev?: boolean; devOptional?: boolean }>(lock.packages)
  const shipped = packages
    .filter(([, { dev, devOptional }]) => !dev && !devOptional)
    .map(([path, each]) => [path, { ...each, devDependencies: {} }])
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-sbom-'))
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ ...facts, devDependencies: {} }))
    const without = { ...lock, packages: Object.fromEntries(shipped) }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(without))
    const { stdout } = await promisify(execFile)(
      'npm',
      ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
      { cwd: folder, shell: process.platform === 'win32' },
    )
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}
