import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import zip from '../../../plugins/zip/index.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'

/** Two albums of three pictures, at home by these exporters. */
async function atHome(...exporters: unknown[]): Promise<Backup> {
  const world = new World()
  for (const name of ['Oslo', 'Rome']) {
    const album = world.addAlbum({ name })
    for (let n = 1; n <= 3; n++) world.addImage(album, { fileName: `${n}.jpg`, size: 4000 })
  }
  const backup = await Backup.of(world)
  backup.exporters = exporters as Exporter[]
  await backup.run()
  return backup
}

/** Other bytes at this place, with the size and the time that the file had, to the nanosecond. */
async function rot(path: string, at: number): Promise<void> {
  const before = `${path}.before`
  await run('cp', ['-p', path, before])
  const bytes = await readFile(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await writeFile(path, bytes)
  await run('touch', ['-r', before, path])
  await rm(before)
}

const run = promisify(execFile)

describe('repair', () => {
  it('fetches the one picture of an archive that is damaged, and takes the others from where they are', async () => {
    await using backup = await atHome(zip)
    await rot(backup.at('Rome.zip'), 6000)
    const { findings } = await backup.verify()
    expect(findings).toMatchObject([{ state: 'damaged', exporter: 'zip', path: 'Rome.zip' }])
    const { downloads } = backup
    expect(await backup.repair(findings)).toMatchObject({ failedInAll: 0, exporters: { zip: { new: 1 } } })
    expect(backup.downloads - downloads).toBe(1)
    expect(await backup.verify()).toMatchObject({ ok: 6, findings: [] })
  })

  it('makes an archive that is lost again of what other exporters have, without a download', async () => {
    await using backup = await atHome(folder, zip)
    await rm(backup.at('Rome.zip'))
    await rot(backup.at('Oslo/2.jpg'), 1000)
    const { findings } = await backup.verify()
    expect(findings.map(({ state, path }) => `${state} ${path}`)).toEqual([
      'damaged Oslo/2.jpg',
      ...Array<string>(3).fill('missing Rome.zip'),
    ])
    const { downloads } = backup
    expect(await backup.repair(findings)).toMatchObject({ failedInAll: 0 })
    // The picture that rotted in the folder is intact in the archive.
    expect(backup.downloads - downloads).toBe(0)
    expect(await backup.verify()).toMatchObject({ ok: 12, findings: [] })
  })

  it('that could not fetch leaves what is missing to the next run', async () => {
    await using backup = await atHome(folder)
    await rot(backup.at('Rome/2.jpg'), 1000)
    const { findings } = await backup.verify()
    backup.smugmug.faults.add({ path: '', kind: 'media', do: { kind: 'status', status: 404 } })
    expect(await backup.repair(findings)).toMatchObject({ failedInAll: 1 })
    backup.smugmug.faults.clear()
    expect(await backup.run()).toMatchObject({ failedInAll: 0, exporters: { folder: { new: 1, unchanged: 5 } } })
  })
})

describe('verify that is stopped', () => {
  it('remembers what it has seen by then', async () => {
    await using backup = await atHome(folder)
    let seen = 0
    const stopped = backup.verify({ readers: 1 }, (event, stop) => {
      if (event.type === 'verify.item' && ++seen === 3) stop.abort()
    })
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' })
    using catalog = backup.catalog()
    const verified = [...catalog.deliveries.of('folder')].filter(({ verifiedAt }) => verifiedAt === backup.now)
    // And what was being read.
    expect([3, 4]).toContain(verified.length)
  })
})
