import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import manifest from '../../plugins/manifest/index.ts'
import zip from '../../plugins/zip/index.ts'
import { demoWorld } from '../../src/simulator/demo.ts'
import { accountAtHome } from './account-at-home.ts'
import { archiveContents } from './archive-contents.ts'

test('folder, zip and manifest bring the demo account home in one pass, each image downloaded once', async () => {
  await using home = await accountAtHome(demoWorld())
  const all = [folder, zip, manifest]
  const { summary } = await home.run(all)
  expect(summary?.exporters).toMatchObject({
    folder: { new: 302, failed: 1 },
    zip: { new: 302, failed: 1 },
    manifest: { new: 303, failed: 0 },
  })
  const asked = home.smugmug.requests.filter(({ kind }) => kind === 'media').map(({ path }) => path)
  expect(asked.length).toBe(new Set(asked).size)
  expect(asked.length).toBe(summary?.downloaded.files)

  const { albums } = JSON.parse(await readFile(join(home.output, 'manifest.json'), 'utf8'))
  for (const { directory, images } of albums) {
    const there = images.filter(({ file }: { file?: unknown }) => file !== undefined)
    expect(await archiveContents(join(home.output, `${directory}.zip`))).toEqual(
      there.map(({ name, file }: { name: string; file: { md5: string } }) => [name, file.md5]),
    )
  }
  expect(await home.run(all, { full: true })).toMatchObject({ downloads: 0 })
})
