import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type CommonOptions, build as esbuild, type Metafile, type OutputFile, type Plugin, transform } from 'esbuild'
import { asset, assetNames, assetPaths } from '../plugins/gallery/assets.ts'

const root = dirname(import.meta.dirname)

/** The executable's parts, as paths. */
export interface Bundle {
  entry: string
  chunks: string[]
  maps: string[]
  /** Every file of which something is in it, from the root of the repository. */
  sources: string[]
}

/**
 * Bundles src/main.ts into `dist`, twice the same, split where the source imports lazily:
 * - `smugdl.mjs` with `esm/*.mjs`, what `npm i -g smugdl` runs;
 * - `smugdl.cjs` with `cjs/*.cjs`, what goes into an executable, and is returned.
 *
 * Both carry version and commit. Source maps lie beside them and are not linked, so that normal starts do not read them.
 */
export async function build(dist: string): Promise<Bundle> {
  const { files: esm, sources } = await bundle(dist)
  const cjs = await Promise.all(esm.filter(({ path }) => path.endsWith('.mjs')).map((file) => asCommonJs(file, esm)))
  const executable = cjs.flat()

  // Chunks before the entry that imports them, each by a rename: a program started meanwhile is completely the old one or the new one.
  const depth = ({ path }: Output) => relative(dist, path).split(sep).length
  for (const { path, text } of [...esm, ...executable].sort((a, b) => depth(b) - depth(a))) {
    await mkdir(dirname(path), { recursive: true })
    const partial = `${path}.${process.pid}`
    await writeFile(partial, text, { mode: path === join(dist, 'smugdl.mjs') ? 0o755 : 0o644 })
    await rename(partial, path)
  }
  const entry = join(dist, 'smugdl.cjs')
  const paths = executable.map(({ path }) => path).sort()
  return {
    entry,
    chunks: paths.filter((path) => path.endsWith('.cjs') && path !== entry),
    maps: paths.filter((path) => path.endsWith('.map')),
    sources,
  }
}

type Output = Pick<OutputFile, 'path' | 'text'>

/** How everything is bundled. */
export const common = {
  platform: 'node',
  target: 'node26',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
} satisfies CommonOptions

/** Bundled CommonJS packages call require() for Node's own modules. */
export const esmBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);\n"

async function bundle(dist: string): Promise<{ files: Output[]; sources: string[] }> {
  const outdir = join(root, 'dist')
  const { outputFiles, metafile } = await esbuild({
    ...common,
    absWorkingDir: root,
    entryPoints: { smugdl: 'src/main.ts' },
    outdir, // always the same, because it goes into the names of the chunks
    bundle: true,
    format: 'esm',
    splitting: true,
    chunkNames: 'esm/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    plugins: [undiciClient],
    define: {
      __SMUGDL_VERSION__: JSON.stringify(await versionInPackage()),
      __SMUGDL_COMMIT__: JSON.stringify(commitOf(root)),
      __SMUGDL_EXPORTER_TYPES__: JSON.stringify(await readFile(join(root, 'src/exporter/types.ts'), 'utf8')),
      __SMUGDL_GALLERY__: JSON.stringify(
        JSON.stringify(Object.fromEntries(assetNames.map((name) => [name, asset(name)]))),
      ),
    },
    banner: { js: esmBanner.trimEnd() },
    write: false,
    metafile: true,
    logLevel: 'warning',
  })
  const [wrong] = lazyCommonJs(metafile)
  if (wrong !== undefined)
    throw new Error(`${wrong} is CommonJS: import it statically, in a file of ours that is imported lazily`)
  const files = outputFiles.map(({ path, text }) => ({
    path: join(dist, relative(outdir, path)),
    text: path.endsWith('.map') ? rootedMap(text, path) : text,
  }))
  return { files, sources: sourcesOf(metafile) }
}

/** The gallery's assets are texts in the bundle, of which esbuild does not know where they came from. */
function sourcesOf({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs))
  const bundled = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path)
  const assets = assetNames.flatMap(assetPaths).map((path) => relative(root, path).replaceAll(sep, '/'))
  return [...new Set([...bundled, ...assets])].sort()
}

/**
 * CommonJS files that the bundle imports lazily. Node gives `import()` of CommonJS the names that it exports, a bundle gives `default` and
 * nothing else: what runs from the sources would meet `undefined` in every program that we ship.
 */
export function lazyCommonJs({ outputs }: Metafile): string[] {
  const lazy = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ kind }) => kind === 'dynamic-import'))
  return [...new Set(lazy.map(({ path }) => path))].flatMap((path) => {
    const { entryPoint = '', exports = [] } = outputs[path] ?? {}
    return exports.join() === 'default' && !entryPoint.endsWith('.ts') ? [entryPoint] : []
  })
}

/** Imports of `undici` resolve to scripts/undici-client.cjs. No `alias`: that would take what this imports below `undici/` too. */
export const undiciClient: Plugin = {
  name: 'undici-client',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^undici$/ }, () => ({ path: join(root, 'scripts/undici-client.cjs') })),
}

/** With sources named from the root of the repository, wherever `dist` is: `src/main.ts`. Stacks show these names. */
function rootedMap(map: string, path: string): string {
  const parsed = JSON.parse(map)
  const rooted = (source: string) => relative(root, resolve(dirname(path), source)).replaceAll(sep, '/')
  return JSON.stringify({ ...parsed, sources: parsed.sources.map(rooted) })
}

/**
 * The same code as CommonJS, because `import()` in an executable finds Node's own modules only. There is no other use of
 * it left when this runs: what is imported by a path that is known at run time only must be asked of createRequire().
 */
async function asCommonJs(module: Output, files: Output[]): Promise<Output[]> {
  const isEntry = basename(module.path) === 'smugdl.mjs'
  const name = basename(module.path, '.mjs')
  const path = isEntry ? join(dirname(module.path), `${name}.cjs`) : join(dirname(module.path), '../cjs', `${name}.cjs`)
  const map = files.find((file) => file.path === `${module.path}.map`)?.text ?? '{}'
  const inlineMap = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
  const code = module.text.replace(esmBanner, '\n') // a line for a line, or the source map would not fit
  const banner = ["'use strict';"]
  if (isEntry) banner.push(`require=${await requireChunks()}`)
  if (code.includes('import.meta.url')) {
    banner.push("const __importMetaUrl=require('node:url').pathToFileURL(__filename).href;")
  }
  const transformed = await transform(`${code}${inlineMap}`, {
    ...common,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // Not .mjs: esbuild would take the default export of a chunk for the chunk itself, as Node does when ES modules import CommonJS.
    sourcefile: 'chunk.js',
    define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
    banner: banner.join(''),
  })
  return [
    { path, text: transformed.code },
    { path: `${path}.map`, text: transformed.map },
  ]
}

async function requireChunks(): Promise<string> {
  const { code } = await transform(await readFile(join(root, 'scripts/require-chunks.cjs'), 'utf8'), { minify: true })
  return code.trimEnd()
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

// Chunks of earlier builds stay, because they may be in use.
if (import.meta.main) await build(join(root, 'dist'))
