import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noticesOf, noticesText } from '../../../scripts/release/notices.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'smugdl-notices-'))
})
afterEach(() => rm(root, { recursive: true }))

async function addPackage(folder: string, name: string, license?: string): Promise<void> {
  await mkdir(join(root, folder), { recursive: true })
  await writeFile(join(root, folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', license: 'MIT' }))
  if (license) await writeFile(join(root, folder, 'LICENSE.md'), license)
}

test('every package with a line in the bundle is named once, nested and scoped ones too', async () => {
  await addPackage('node_modules/plain', 'plain', 'Terms of plain')
  await addPackage('node_modules/@scope/name', '@scope/name', 'Terms of scope')
  await addPackage('node_modules/plain/node_modules/inner', 'inner', 'Terms of inner')
  const sources = [
    '../../src/main.ts',
    '../../node_modules/plain/index.js',
    '../../node_modules/plain/lib/more.js',
    '../../node_modules/@scope/name/index.js',
    '../../node_modules/plain/node_modules/inner/index.js',
  ]
  const notices = await noticesOf(sources, root)
  expect(notices.map(({ name }) => name)).toEqual(['@scope/name', 'inner', 'plain'])
  expect(noticesText(notices)).toContain('Terms of inner')
})

test('terms that stand in a README are passed on', async () => {
  await addPackage('node_modules/plain', 'plain')
  await writeFile(join(root, 'node_modules/plain/Readme.md'), '# plain\n\nText\n\n## License\n\nTerms of plain\n')
  const [notice] = await noticesOf(['node_modules/plain/index.js'], root)
  expect(notice?.text).toBe('Terms of plain\n')
})

test('a package without terms stops the release', async () => {
  await addPackage('node_modules/plain', 'plain')
  await expect(noticesOf(['node_modules/plain/index.js'], root)).rejects.toThrow('has no license')
})
