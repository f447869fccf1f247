import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { type Bundle, build, common, lazyCommonJs } from '../../scripts/build.ts'

// Outside of the repository, so that nothing in node_modules can be reached.
let dist: string
let bundle: Bundle
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'smugdl-build-'))
  bundle = await build(dist)
})
afterAll(() => rm(dist, { recursive: true }))

test.each(['smugdl.mjs', 'smugdl.cjs'])('%s runs without node_modules and knows its version and commit', (bundle) => {
  const output = execFileSync(process.execPath, [join(dist, bundle), '--version'], { encoding: 'utf8' })
  expect(output).toContain(packageJson.version)
  expect(output).toMatch(/\b[0-9a-f]{12}\b|unknown/)
})

test('smugdl.mjs is a program that a shell can start', () => {
  expect(readFileSync(join(dist, 'smugdl.mjs'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  if (process.platform !== 'win32') expect(statSync(join(dist, 'smugdl.mjs')).mode & 0o111).toBe(0o111)
})

test('the executable needs nothing but what Node has built in, and its own chunks', () => {
  const chunks = bundle.chunks.map((path) => `./${basename(path, '.cjs')}.mjs`)
  const code = [bundle.entry, ...bundle.chunks].map((path) => readFileSync(path, 'utf8')).join('\n')
  const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name.replace('./esm/', './'))
  expect(required.length).toBeGreaterThan(0)
  const missing = required.filter((name) => !chunks.includes(name) && !process.getBuiltinModule(name))
  // AWS's client names this one in an error message.
  expect(missing.filter((name) => name !== '@aws-sdk/signature-v4-crt')).toEqual([])
})

test.each([
  ['a CommonJS package', 'yauzl', ['node_modules/yauzl/index.js']],
  ['an ES module', 'consola/core', []],
  ['a file of ours', './plugins/folder/index.ts', []],
])('%s that is imported lazily is what its importer takes it for, or the build says so', async (_, name, wrong) => {
  const contents = `export const lazy = () => import('${name}')`
  const { metafile } = await esbuild({
    ...common,
    stdin: { contents, resolveDir: join(import.meta.dirname, '../..') },
    absWorkingDir: join(import.meta.dirname, '../..'),
    outdir: dist,
    bundle: true,
    format: 'esm',
    splitting: true,
    write: false,
    metafile: true,
  })
  expect(lazyCommonJs(metafile)).toEqual(wrong)
})

test('the sources of the bundle are told, what the pages of the gallery are made of too, and nothing that was left out', () => {
  expect(bundle.sources).toEqual(
    expect.arrayContaining([
      'src/main.ts',
      'plugins/gallery/page/app.css',
      'node_modules/photoswipe/dist/umd/photoswipe.umd.min.js',
    ]),
  )
  expect(bundle.sources.filter((path) => /node_modules\/(esbuild|vitest|fast-check)\//.test(path))).toEqual([])
})

test('the source maps of the executable name the sources that those of the npm package name', () => {
  const sourcesIn = (path: string): string[] => JSON.parse(readFileSync(path, 'utf8')).sources
  const inPackage = (path: string) => path.replace('/cjs/', '/esm/').replace('.cjs', '.mjs')
  const ours = (paths: string[]) => new Set(paths.flatMap(sourcesIn).filter((name) => name.startsWith('src/')))
  expect(ours(bundle.maps)).toEqual(ours(bundle.maps.map(inPackage)))
  expect([...ours(bundle.maps)].filter((name) => name === 'src/cli/cli.ts')).toHaveLength(1)
})

test('the same source makes the same bytes, wherever they go', async () => {
  const bundles = await Promise.all(['one', 'another/below'].map((folder) => build(join(dist, folder))))
  const [one, another] = bundles.map(({ entry, chunks, maps }) =>
    [entry, ...chunks, ...maps].map((path) => [basename(path), readFileSync(path, 'utf8')]),
  )
  expect(one?.length).toBeGreaterThan(3)
  expect(one).toEqual(another)
})
