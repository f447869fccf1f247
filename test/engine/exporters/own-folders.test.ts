import { readdirSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import type { Exporter, ExporterContext } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'

/** A plugin that makes a file of its own, and then overwrites whatever it finds in its folder, as it may. */
function overwriting(name = 'by-date'): Exporter {
  return {
    name,
    apiVersion: 1,
    keeps: 'nothing',
    create: ({ output }: ExporterContext) => ({
      deliver() {},
      finish() {
        writeFileSync(join(output, 'index.txt'), 'mine')
        for (const { name, parentPath } of readdirSync(output, { recursive: true, withFileTypes: true }).filter(
          (entry) => entry.isFile(),
        ))
          writeFileSync(join(parentPath, name), 'mine')
      },
    }),
  }
}

const urlPath = { folder: { path: '{album.url}/{name}', mtime: 'captured', duplicates: 'copy' } }

function worldWith(urlName: string): World {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'By date', urlName }), { fileName: 'a.jpg' })
  return world
}

/** Files of the account that a plugin's folder holds. */
async function intruders(backup: Backup): Promise<string[]> {
  return (await backup.paths()).filter((path) => path.startsWith('by-date/') && path !== 'by-date/index.txt')
}

test("an album whose web address is a plugin's name is refused in the plugin's folder, not overwritten there", async () => {
  await using backup = await Backup.of(worldWith('by-date'))
  backup.exporters = [folder as Exporter, overwriting()]
  const summary = await backup.run({ exporterOptions: urlPath })
  expect(summary.failed).toMatchObject([
    { item: 'By date/a.jpg', reason: expect.stringContaining('"by-date" is reserved in this output') },
  ])
  expect(await intruders(backup)).toEqual([])
})

test("nor does a picture move into a plugin's folder when its album gets the plugin's name as its address", async () => {
  const world = worldWith('rome')
  await using backup = await Backup.of(world)
  backup.exporters = [folder as Exporter, overwriting()]
  await backup.run({ exporterOptions: urlPath })
  for (const album of world.albums.values()) {
    album.urlName = 'by-date'
    world.rename(album, 'By-Date')
  }
  await backup.run({ exporterOptions: urlPath, full: true })
  expect(await intruders(backup)).toEqual([])
  expect(await backup.paths()).toContain('rome/a.jpg')
})

test.each([
  ['as it is', async () => {}],
  [
    'copied without its empty folders',
    (backup: Backup) => rm(backup.at('.smugdl/plugins'), { recursive: true, force: true }),
  ],
  [
    'without its catalog',
    async (backup: Backup) => {
      for (const file of readdirSync(backup.at('.smugdl')))
        if (file.startsWith('catalog')) await rm(backup.at(`.smugdl/${file}`))
    },
  ],
])(
  "an album named like a plugin of an earlier run stays out of the plugin's folder, in an output %s",
  async (_, happens) => {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'Rome' }), { fileName: 'a.jpg' })
    await using backup = await Backup.of(world)
    backup.exporters = [folder as Exporter, overwriting()]
    await backup.run()
    await happens(backup)
    world.addImage(world.addAlbum({ name: 'BY-DATE' }), { fileName: 'b.jpg' })
    backup.exporters = [folder as Exporter]
    expect(await backup.run()).toMatchObject({ failedInAll: 0, exporters: { folder: { new: expect.any(Number) } } })
    expect((await backup.paths()).filter((path) => path.endsWith('b.jpg'))).toEqual([
      expect.stringMatching(/^BY-DATE \[\w+\]\/b\.jpg$/),
    ])
  },
)

test('an exporter that comes with smugdl does not take over what a plugin of its name once made', async () => {
  await using backup = await Backup.of(worldWith('rome'))
  await mkdir(backup.at('.smugdl/plugins/folder'), { recursive: true })
  await expect(backup.run()).rejects.toMatchObject({
    kind: 'destination',
    what: 'In this output folder is a plugin from outside, with a folder of its own',
  })
})
