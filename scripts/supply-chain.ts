import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from './build.ts'
import { noticesOf } from './release/notices.ts'
import { sbom } from './release/sbom.ts'

const run = promisify(execFile)
const root = dirname(import.meta.dirname)

/** What package-lock.json says of a package, as far as it matters here. */
export interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  optional?: boolean
  os?: readonly string[]
  cpu?: readonly string[]
}

/** A package of which a line is in the bundle. */
interface Bundled {
  name: string
  version: string
  license: string
}

/** Each asks for no more than its notice, which THIRD-PARTY-NOTICES.txt passes on. */
const allowedLicenses: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
])

/**
 * Packages by their path in package-lock.json whose bytes nothing pins. `unpinned` is a fault; `elsewhere` are builds for other systems that the
 * registry did not have when the lockfile was written, which npm therefore does not install.
 */
export function withoutIntegrity(packages: Readonly<Record<string, Locked>>): {
  unpinned: string[]
  elsewhere: string[]
} {
  const bare = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined)
  const { unpinned = [], elsewhere = [] } = Object.groupBy(bare, ([, { optional, os, cpu, resolved }]) =>
    optional && os && cpu && resolved === undefined ? 'elsewhere' : 'unpinned',
  )
  return { unpinned: unpinned.map(([path]) => path), elsewhere: elsewhere.map(([path]) => path) }
}

/** What is wrong with what is bundled, a sentence each. `components`: of the SBOM. */
export function faultsOf(
  bundled: readonly Bundled[],
  components: readonly { name: string; version: string }[],
): string[] {
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
  return bundled.flatMap(({ name, version, license }) => [
    ...(named.has(`${name}@${version}`) ? [] : [`${name}@${version} is bundled, and the SBOM does not name it`]),
    ...(allowedLicenses.has(license) ? [] : [`${name}@${version} is bundled under ${license}, which is not allowed`]),
  ])
}

/** What `npm audit signatures --json` found; where it found nothing out, why. */
export function signatureFaults(stdout: string, stderr: string): { faults: string[] } | { unknown: string } {
  const found = parsed(stdout)
  if (!Array.isArray(found?.invalid)) {
    const reason = /^npm error (?:network )?(?!code|errno|syscall)(.+)$/m.exec(stderr)?.[1]
    return { unknown: reason ?? found?.error?.summary ?? 'npm did not say why' }
  }
  return { faults: found.invalid.map(({ name, version }) => `${name}@${version} has a signature that is not valid`) }
}

function parsed(
  json: string,
): { invalid?: { name: string; version: string }[]; error?: { summary?: string } } | undefined {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Not an answer that takes minutes: where the registry has no signatures, it is often because the network ends there. */
async function audit(): Promise<ReturnType<typeof signatureFaults>> {
  const args = ['audit', 'signatures', '--json', '--fetch-retries=0', '--fetch-timeout=20000']
  const options = { cwd: root, timeout: 120_000, shell: process.platform === 'win32' }
  const { stdout, stderr } = await run('npm', args, options).catch((error) => error)
  return signatureFaults(String(stdout), String(stderr))
}

async function bundledPackages(): Promise<Bundled[]> {
  const dist = await mkdtemp(join(tmpdir(), 'smugdl-supply-chain-'))
  try {
    const { sources } = await build(dist)
    return await noticesOf(sources, root)
  } finally {
    await rm(dist, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const { unpinned, elsewhere } = withoutIntegrity(packages)
  const bundled = await bundledPackages()
  const { components } = JSON.parse(await sbom(root, [], new Date(0)))
  const signatures = await audit()
  const faults = [
    ...unpinned.map((path) => `${path} has no integrity in package-lock.json`),
    ...faultsOf(bundled, components),
    ...('faults' in signatures ? signatures.faults : []),
  ]
  console.log(`package-lock.json pins ${Object.keys(packages).length - 1 - elsewhere.length} packages.`)
  if (elsewhere.length > 0)
    console.log(`This registry has no build of these for other systems, so nothing pins them: ${elsewhere.join(', ')}`)
  console.log(
    'unknown' in signatures ? `Signatures were not checked: ${signatures.unknown}` : 'Signatures were checked.',
  )
  console.log(`In the bundle, each named by the SBOM, are ${bundled.length} packages:`)
  for (const { name, version, license } of bundled) console.log(`  ${name} ${version} (${license})`)
  for (const fault of faults) console.error(`Fault: ${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
