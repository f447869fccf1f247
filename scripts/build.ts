import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type BuildOptions, build as esbuild } from 'esbuild'

const root = dirname(import.meta.dirname)

/**
 * Bundles src/main.ts twice into `dist`:
 * - `smugdl.mjs` with `esm/*.mjs`, what `npm i -g smugdl` runs: a lazily imported command is a file of its own;
 * - `smugdl.cjs`, one file for the executables: a lazily imported command is a function that runs when it is asked for.
 *
 * Both carry version and commit. Source maps lie beside them and are not linked, so that nobody pays for reading them.
 */
export async function build(dist: string): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: root,
    entryPoints: { smugdl: 'src/main.ts' },
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node26',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    logLevel: 'warning',
  }
  const constants = {
    __SMUGDL_VERSION__: JSON.stringify(await versionInPackage()),
    __SMUGDL_COMMIT__: JSON.stringify(commitOf(root)),
  }
  const bundles = await Promise.all([
    esbuild({
      ...common,
      format: 'esm',
      splitting: true,
      chunkNames: 'esm/[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      define: constants,
      // Bundled CommonJS packages call require() for Node's own modules.
      banner: {
        js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
      },
    }),
    esbuild({
      ...common,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      define: { ...constants, 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
      // esbuild's own 'use strict' comes after the banner, where it says nothing.
      banner: { js: "'use strict';const __importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
    }),
  ])

  // Chunks before the entry that imports them, each by a rename: whoever starts the program meanwhile gets the old one or the new one, whole.
  const files = bundles.flatMap((bundle) => bundle.outputFiles ?? [])
  const depth = (file: { path: string }) => relative(dist, file.path).split(/[\\/]/).length
  for (const file of files.sort((a, b) => depth(b) - depth(a))) {
    await mkdir(dirname(file.path), { recursive: true })
    const partial = `${file.path}.${process.pid}`
    await writeFile(partial, file.contents)
    if (file.path === join(dist, 'smugdl.mjs')) await chmod(partial, 0o755)
    await rename(partial, file.path)
  }
}

async function versionInPackage(): Promise<string> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version
}

/** The commit of exactly this folder, not of a repository that happens to lie around an unpacked tarball. */
function commitOf(folder: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

if (import.meta.main) {
  // Chunks of earlier builds stay, because somebody may be running them. `--clean` removes them: a package must not carry them.
  const { values } = parseArgs({ options: { clean: { type: 'boolean', default: false } } })
  if (values.clean) await rm(join(root, 'dist/esm'), { recursive: true, force: true })
  await build(join(root, 'dist'))
}
