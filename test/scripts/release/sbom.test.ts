import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { sbom } from '../../../scripts/release/sbom.ts'

const root = new URL('../../..', import.meta.url).pathname
const node = { name: 'node', version: '26.0.0', license: 'MIT', purl: 'pkg:generic/node@26.0.0' }
const date = new Date('2026-01-02T03:04:05Z')

test('the list of parts names what is shipped, and no tool', async () => {
  const text = await sbom(root, [node], date)
  const { bomFormat, metadata, components } = JSON.parse(text)
  const names = components.map(({ name }: { name: string }) => name)
  expect(bomFormat).toBe('CycloneDX')
  expect(metadata.component.name).toBe('smugdl')
  expect(names).toEqual(expect.arrayContaining(['node', ...Object.keys(packageJson.dependencies)]))
  for (const tool of ['vitest', 'esbuild', 'typescript']) expect(names).not.toContain(tool)
  expect(await sbom(root, [node], date)).toBe(text)
})
