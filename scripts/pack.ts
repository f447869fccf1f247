import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { type Bundle, build } from './build.ts'
import { codeCaches } from './code-cache.ts'
import { libatomicOf } from './libatomic.ts'
import { signAdHoc } from './macho-sign.ts'
import { unpackFile } from './npm-package.ts'
import { executableName, nameOf, nodeVersion, type Target, targetOf, targets } from './targets.ts'
import { withWindowsResources } from './windows-resources.ts'

const run = promisify(execFile)
const root = dirname(import.meta.dirname)

/** A nursery of this size from the start, and no larger: see "V8 is made to collect early" in ARCHITECTURE.md. */
const v8Flags = ['--min-semi-space-size=4', '--max-semi-space-size=4']

/**
 * Builds, makes an executable for each target and yields their paths in `dist`, in the same order. One after the other: an
 * injection takes 1 GB of memory. Node for this machine comes from node_modules, for others from a
 * checked package.
 */
export async function* pack(chosen: readonly Target[], dist: string): AsyncGenerator<string> {
  await requireTools(chosen)
  const bundle = await build(dist)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  await mkdir(join(root, '.cache'), { recursive: true })
  for (const target of chosen) {
    const work = await mkdtemp(join(root, '.cache/pack-'))
    try {
      const executable = join(work, executableName(version, target))
      await seed(await prepareNode(target, version, work), target, work)
      await inject(target, executable, bundle, work)
      await finish(executable, target)
      const path = join(dist, executableName(version, target))
      await rename(executable, path) // only a whole executable gets its name
      if (target.platform === 'linux' && isOwn(target)) {
        await copyFile(await libatomicOf(target), join(dist, 'libatomic.so.1')) // or it would not start where it is carried to
      }
      yield path
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
}

/** Before the injection: Linux executables lose a fifth of their size, the symbols; Windows' get our name and version. */
async function prepareNode(target: Target, version: string, work: string): Promise<string> {
  const file = target.platform === 'windows' ? 'bin/node.exe' : 'bin/node'
  const node = isOwn(target) ? process.execPath : await unpackFile(target.node, file, work)
  const prepared = join(work, 'node-prepared')
  switch (target.platform) {
    case 'linux':
      await run(stripOf(target), ['-o', prepared, node])
      return prepared
    case 'windows':
      await writeFile(prepared, withWindowsResources(await readFile(node), version))
      return prepared
    case 'macos':
      return node
  }
}

/** Puts Node where pkg looks before it downloads. */
async function seed(node: string, target: Target, work: string): Promise<void> {
  const sea = join(work, '.pkg-cache/sea')
  const os = { linux: 'linux', macos: 'darwin', windows: 'win' }[target.platform]
  const name = join(sea, `node-v${nodeVersion}-${os}-${target.arch}`)
  const [archive, executable] =
    os === 'win' ? [`${name}.zip`, `${name}.exe`] : [`${name}.tar.gz`, join(name, 'bin/node')]
  await mkdir(dirname(executable), { recursive: true })
  await symlink(node, executable).catch(() => copyFile(node, executable)) // Windows forbids links to most people
  for (const marker of [archive, `${archive}.ok`, `${executable}.ok`]) await writeFile(marker, '')
}

async function inject(target: Target, output: string, bundle: Bundle, work: string): Promise<void> {
  const entry = join(work, basename(bundle.entry))
  await copyFile(bundle.entry, entry)
  const maps = await Promise.all(bundle.maps.map((path) => compressed(path, work)))
  const caches = isOwn(target) ? await codeCaches(bundle.entry, v8Flags, work) : [] // Node for another system does not run here
  const options = {
    targets: [
      {
        nodeRange: `node${nodeVersion}`,
        platform: target.platform === 'windows' ? 'win' : target.platform,
        arch: target.arch,
        output,
      },
    ],
    signature: false,
    seaConfig: {
      // The path goes into the executable and into stack traces, so it must not show where it was built. pkg works in a folder of $TMPDIR.
      main: `../${basename(entry)}`,
      assets: Object.fromEntries([...bundle.chunks, ...maps, ...caches].map((path) => [basename(path), path])),
      // Node's options come from --node-options alone. Anything else would let NODE_OPTIONS of the user's shell decide.
      execArgvExtension: 'cli',
      execArgv: v8Flags,
    },
  }
  const env = { ...process.env, HOME: work, USERPROFILE: work, TMPDIR: work, TEMP: work, TMP: work }
  await run(process.execPath, [join(root, 'scripts/inject.ts'), entry, JSON.stringify(options)], {
    env,
  })
}

/** Maps are read when something broke, and may take their time then. */
async function compressed(path: string, folder: string): Promise<string> {
  const output = join(folder, `${basename(path)}.br`)
  await writeFile(output, brotliCompressSync(await readFile(path)))
  return output
}

async function finish(output: string, target: Target): Promise<void> {
  if (target.platform === 'macos') await writeFile(output, signAdHoc(await readFile(output), 'smugdl'))
  if (target.platform === 'linux') {
    // Node needs libatomic.so.1, which many machines lack: it may lie beside the executable. patchelf before the injection would corrupt the file.
    const pageSize = target.arch === 'arm64' ? ['--page-size', '65536'] : []
    await run('patchelf', [...pageSize, '--set-rpath', '$ORIGIN', output])
  }
  await chmod(output, 0o755)
}

function isOwn(target: Target): boolean {
  return nameOf(target) === nameOf(targetOf(process.platform, process.arch))
}

function stripOf(target: Target): string {
  return `${target.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu-strip`
}

async function requireTools(chosen: readonly Target[]): Promise<void> {
  if (process.versions.node !== nodeVersion) {
    throw new Error(`pack runs on Node ${nodeVersion}, not ${process.versions.node}: start it with npm run pack`)
  }
  const linux = chosen.filter((target) => target.platform === 'linux')
  const tools = linux.length > 0 ? ['patchelf', ...linux.map(stripOf)] : []
  const missing: string[] = []
  for (const tool of tools) await run(tool, ['--version']).catch(() => missing.push(tool))
  if (missing.length > 0) {
    throw new Error(
      `pack needs ${missing.join(' and ')}; on Debian: apt-get install patchelf binutils-x86-64-linux-gnu binutils-aarch64-linux-gnu`,
    )
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } })
  const dist = join(root, 'dist')
  for await (const path of pack(values.all ? targets : [targetOf(process.platform, process.arch)], dist)) {
    console.log(`${path}  ${((await stat(path)).size / 1e6).toFixed(1)} MB`)
  }
}
