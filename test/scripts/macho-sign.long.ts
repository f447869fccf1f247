import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import lock from '../../package-lock.json' with { type: 'json' }
import { readSignature, signAdHoc } from '../../scripts/macho-sign.ts'
import { unpackFile } from '../../scripts/npm-package.ts'
import { targets } from '../../scripts/targets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-macho-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each(targets.filter(({ platform }) => platform === 'macos'))(
  "the signature that Apple's codesign put on $node.name fits every page and blob",
  async ({ node }) => {
    const [directory] = readSignature(await readFile(await unpackFile(node, 'bin/node', join(folder, node.name))))
    expect(directory).toMatchObject({ identifier: 'node', hash: 'sha256', wrong: [] })
    expect(directory?.pages).toBeGreaterThan(30_000)
  },
)

test("signing what Go's linker signed makes the bytes that Go's linker made", async () => {
  const { version, integrity } = lock.packages['node_modules/@esbuild/darwin-arm64']
  const esbuild = { name: '@esbuild/darwin-arm64', version, integrity }
  const signed = await readFile(await unpackFile(esbuild, 'bin/esbuild', folder))
  expect(readSignature(signed)).toMatchObject([{ identifier: 'a.out', wrong: [] }])
  expect(signAdHoc(signed, 'a.out').equals(signed)).toBe(true)
})
