import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { build } from '../../scripts/build.ts'

// Outside of the repository, so that nothing in node_modules can be reached.
let dist: string
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'smugdl-build-'))
  await build(dist)
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

test('smugdl.cjs imports nothing but what Node has built in', () => {
  const modules = readFileSync(join(dist, 'smugdl.cjs'), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)
  const strangers = [...modules].map(([, name]) => name ?? '').filter((name) => !process.getBuiltinModule(name))
  expect(strangers).toEqual([])
})

test('the same source makes the same bytes', async () => {
  const first = readFileSync(join(dist, 'smugdl.cjs'))
  await build(dist)
  expect(readFileSync(join(dist, 'smugdl.cjs')).equals(first)).toBe(true)
})
