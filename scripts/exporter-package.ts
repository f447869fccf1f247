import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { common, esmBanner, undiciClient } from './build.ts'

const run = promisify(execFile)
const root = dirname(import.meta.dirname)
const entry = 'src/exporter-suite/public'

/** What `import 'smugdl/exporter'` gets: `exporter.mjs`, which needs no other package, and below `types` the declarations that it needs. */
export async function buildExporterPackage(dist: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [`${entry}.ts`],
    outfile: join(dist, 'exporter.mjs'),
    ...common,
    bundle: true,
    format: 'esm',
    sourcemap: false,
    plugins: [undiciClient],
    banner: { js: esmBanner.trimEnd() },
    logLevel: 'warning',
  })
  const work = await mkdtemp(join(tmpdir(), 'smugdl-types-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const emit = ['--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--rootDir', root, '--outDir', work]
    await run(process.execPath, [tsc, '-p', root, ...emit])
    for (const path of await closure(work, `${entry}.d.ts`)) {
      const target = join(dist, 'types', path.replace(/^src\//, ''))
      await mkdir(dirname(target), { recursive: true })
      await copyFile(join(work, path), target)
    }
  } finally {
    await rm(work, { recursive: true })
  }
}

/** A declaration file with all that it imports, as paths below `folder`. */
async function closure(folder: string, path: string, known = new Set<string>()): Promise<Set<string>> {
  if (known.has(path)) return known
  known.add(path)
  for (const [, specifier = ''] of (await readFile(join(folder, path), 'utf8')).matchAll(/from '(\.[^']+)\.ts'/g))
    await closure(folder, join(dirname(path), `${specifier}.d.ts`), known)
  return known
}
