import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { allCommands, namedCommands } from '../src/cli/commands.ts'
import { bash } from '../src/cli/completion/bash.ts'
import { fish } from '../src/cli/completion/fish.ts'
import { grammarOf } from '../src/cli/completion/grammar.ts'
import { offers } from '../src/cli/completion/offers.ts'
import { powershell } from '../src/cli/completion/powershell.ts'
import { zsh } from '../src/cli/completion/zsh.ts'
import { build } from './build.ts'
import { buildExporterPackage } from './exporter-package.ts'
import { libatomicNotice, libatomicOf } from './libatomic.ts'
import { unpackFile } from './npm-package.ts'
import { pack } from './pack.ts'
import { makeArchive } from './release/archive.ts'
import { manPage } from './release/man-page.ts'
import { type Notice, noticesOf, noticesText } from './release/notices.ts'
import { homebrewFormula, scoopManifest, wingetManifests } from './release/package-managers.ts'
import { sbom } from './release/sbom.ts'
import { startCmd, startCmdName } from './release/start-cmd.ts'
import { nameOf, nodeVersion, type Target, targets } from './targets.ts'

const run = promisify(execFile)
const root = dirname(import.meta.dirname)

/**
 * Writes everything that a release consists of into `output`: an archive for each target, the npm package, installers,
 * manifests of package managers, the list of parts and SHA256SUMS. The same commit makes the same bytes.
 */
export async function release(output: string): Promise<void> {
  const facts = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const date = await commitDate()
  await mkdir(join(root, '.cache'), { recursive: true })
  const work = await mkdtemp(join(root, '.cache/release-'))
  const finished = join(work, 'release')
  try {
    await mkdir(finished)
    await writeFile(join(finished, 'smugdl.cdx.json'), await bom(date))
    const dist = join(work, 'dist')
    const bundle = await build(dist)
    const bundled = await noticesOf(bundle.sources, root)
    const nodeLicense = await unpackFile(linuxX64.node, 'LICENSE', work)
    const notices: Notice[] = [
      { name: 'Node.js', version: nodeVersion, license: 'MIT', text: await readFile(nodeLicense, 'utf8') },
      ...bundled,
    ]
    const shared = join(work, 'shared')
    await writeShared(shared, { version: facts.version, date })

    await writeNpmPackage(join(work, 'npm'), dist, facts, notices.slice(1), finished)

    // All ask at once, and are served one after the other: while one executable is packed, those before it are compressed.
    const executables = pack(targets, dist)
    const archives = await Promise.all(
      targets.map(async (target) => {
        const { value: executable } = await executables.next()
        if (!executable) throw new Error(`${nameOf(target)} was not packed`)
        const folder = join(work, `smugdl-${facts.version}-${nameOf(target)}`)
        await cp(shared, folder, { recursive: true })
        await fillArchive(folder, executable, target, notices)
        const archive = `${basename(folder)}.${target.platform === 'linux' ? 'tar.xz' : 'zip'}`
        await makeArchive(folder, join(finished, archive), date)
        return [target, archive] as const
      }),
    )

    await writeForInstallers(finished, facts, new Map(archives))
    await writeSums(finished)
    await rm(output, { recursive: true, force: true })
    await mkdir(dirname(output), { recursive: true })
    await rename(finished, output)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const linuxX64 = targetNamed('linux-x64')

function targetNamed(name: string): Target {
  const target = targets.find((candidate) => nameOf(candidate) === name)
  if (!target) throw new Error(`no target is called ${name}`)
  return target
}

/** The commit's, so that the same commit makes the same archives; without git, the beginning of ZIP's calendar. */
async function commitDate(): Promise<Date> {
  const git = run('git', ['log', '-1', '--format=%ct'], { cwd: root })
  return git.then(
    ({ stdout }) => new Date(Number(stdout) * 1000),
    () => new Date('1980-01-01T00:00:00Z'),
  )
}

/** What is the same in every archive. */
async function writeShared(folder: string, { version, date }: { version: string; date: Date }): Promise<void> {
  const definitions = await allCommands()
  const grammar = grammarOf(await namedCommands(), await offers())
  await mkdir(join(folder, 'completions'), { recursive: true })
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const day = date.toISOString().slice(0, 10)
  await writeFile(join(folder, 'smugdl.1'), manPage(definitions, { version, date: day }))
  await writeFile(join(folder, 'completions/smugdl.bash'), bash(grammar))
  await writeFile(join(folder, 'completions/_smugdl'), zsh(grammar))
  await writeFile(join(folder, 'completions/smugdl.fish'), fish(grammar))
  await writeFile(join(folder, 'completions/smugdl.ps1'), powershell(grammar))
}

async function fillArchive(folder: string, executable: string, target: Target, notices: Notice[]): Promise<void> {
  await rename(executable, join(folder, target.platform === 'windows' ? 'smugdl.exe' : 'smugdl'))
  if (target.platform === 'windows') await writeFile(join(folder, startCmdName), startCmd)
  if (target.platform === 'linux') await copyFile(await libatomicOf(target), join(folder, 'libatomic.so.1'))
  const all = target.platform === 'linux' ? [...notices, await libatomicNotice(target)] : notices
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesText(all))
}

/** The package that npm publishes needs nothing else: all that we depend on is in the bundle. */
async function writeNpmPackage(
  folder: string,
  dist: string,
  { dependencies, devDependencies, scripts, knip, allowScripts, ...facts }: Record<string, unknown>,
  notices: Notice[],
  output: string,
): Promise<void> {
  await mkdir(join(folder, 'dist'), { recursive: true })
  for (const file of ['smugdl.mjs', 'smugdl.mjs.map', 'esm']) {
    await cp(join(dist, file), join(folder, 'dist', file), { recursive: true })
  }
  await buildExporterPackage(join(folder, 'dist'))
  for (const file of ['README.md', 'LICENSE']) await copyFile(join(root, file), join(folder, file))
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesText(notices))
  const files = ['dist', 'THIRD-PARTY-NOTICES.txt']
  const published = { ...facts, files, engines: { node: `>=${nodeVersion.split('.')[0]}` } }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  await run('npm', ['pack', '--silent', '--pack-destination', output], { cwd: folder })
}

async function bom(date: Date): Promise<string> {
  const { version, license } = await libatomicNotice(linuxX64)
  return sbom(
    root,
    [
      { name: 'node', version: nodeVersion, license: 'MIT', purl: `pkg:generic/node@${nodeVersion}` },
      { name: 'libatomic', version, license, purl: `pkg:deb/debian/libatomic1@${version}` },
    ],
    date,
  )
}

async function writeForInstallers(
  output: string,
  facts: { version: string; description: string; repository: { url: string } },
  archives: ReadonlyMap<Target, string>,
): Promise<void> {
  const { version, description } = facts
  const homepage = facts.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
  const downloads = `${homepage}/releases/download/v${version}`
  for (const file of ['install.sh', 'install.ps1', 'Dockerfile', 'compose.yaml']) {
    const text = await readFile(join(root, 'scripts/release', file), 'utf8')
    await writeFile(join(output, file), text.replaceAll('@VERSION@', version).replaceAll('@DOWNLOADS@', downloads))
  }
  await chmod(join(output, 'install.sh'), 0o755)

  const sums = new Map<string, string>()
  for (const archive of archives.values()) sums.set(archive, await sha256(join(output, archive)))
  const archiveOf = (name: string) => archives.get(targetNamed(name)) ?? ''
  const manifest = {
    version,
    description,
    homepage,
    urlOf: (archive: string) => `${downloads}/${archive}`,
    sha256Of: (archive: string) => sums.get(archive) ?? '',
  }
  const names = {
    linuxX64: archiveOf('linux-x64'),
    linuxArm64: archiveOf('linux-arm64'),
    macosX64: archiveOf('macos-x64'),
    macosArm64: archiveOf('macos-arm64'),
    windowsX64: archiveOf('windows-x64'),
  }
  await mkdir(join(output, 'homebrew'))
  await writeFile(join(output, 'homebrew/smugdl.rb'), homebrewFormula(manifest, names))
  await mkdir(join(output, 'scoop'))
  await writeFile(join(output, 'scoop/smugdl.json'), scoopManifest(manifest, names))
  await mkdir(join(output, 'winget'))
  for (const [name, text] of Object.entries(wingetManifests(manifest, names))) {
    await writeFile(join(output, 'winget', name), text)
  }
}

/** As `sha256sum -c` reads it, for the files that are downloaded. */
async function writeSums(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const lines = await Promise.all(names.sort().map(async (name) => `${await sha256(join(folder, name))}  ${name}\n`))
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
}

async function sha256(path: string): Promise<string> {
  return hash('sha256', await readFile(path))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  if (values['dry-run']) {
    await release(join(root, 'dist/release'))
    console.log(await readFile(join(root, 'dist/release/SHA256SUMS'), 'utf8'))
  } else {
    console.error(
      'Publishing is done by .github/workflows/release.yml, when a version is tagged. This writes dist/release only: npm run release -- --dry-run',
    )
    process.exitCode = 2
  }
}
