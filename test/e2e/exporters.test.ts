import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { archiveContents } from '../plugins/archive-contents.ts'
import { archiveTools } from '../plugins/archive-tools.ts'
import { readStaging } from './home.ts'
import { type Scenario, scenario, until } from './scenario.ts'

/** An account with one album, `Rome`, of so many images. */
function rome(count: number): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let number = 1; number <= count; number++) world.addImage(album, { fileName: `${number} – ü.jpg` })
  return world
}

const archive = ({ output }: Scenario) => join(output, 'Rome.zip')
const listed = ({ smugmug }: Scenario) => [...smugmug.listing()].map(({ fileName, md5 }) => [fileName, md5])

describe('folder, zip and manifest', () => {
  it('come home in one pass', async ({ expect }) => {
    await using scene = await scenario(rome(3))
    const { code, requests } = await scene.download('-e', 'folder,zip,manifest')
    expect({ code, media: requests.media }).toEqual({ code: 0, media: 3 })
    expect([...(await scene.home()).keys()]).toEqual([
      'Rome.zip',
      'Rome/1 – ü.jpg',
      'Rome/2 – ü.jpg',
      'Rome/3 – ü.jpg',
      'manifest.json',
    ])
    expect(await archiveContents(archive(scene))).toEqual(listed(scene))
  })

  it('the last alone says in its last line that nothing is at home', async ({ expect }) => {
    await using scene = await scenario(rome(2))
    const { stdout, code } = await scene.smugdl(['download', '-o', scene.output, '-e', 'manifest'])
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'Nothing is at home: manifest only lists. Bring the pictures home with -e folder.',
    )
    expect(scene.smugmug.counts.media).toBe(0)
  })
})

describe('an archive', () => {
  it('that runs are killed over loses no picture, and none that had come is downloaded again', async ({ expect }) => {
    const count = 12
    await using scene = await scenario(rome(count))
    const come = new Set<string>()
    for (const more of [2, 4]) {
      const before = scene.smugmug.requests.length
      const running = scene.start('-e', 'zip', '--concurrency', '1')
      await until(() => running.said.split('"image.fetched"').length > more)
      running.kill('SIGKILL')
      const { events } = await running.run
      expect(picturesAsked(scene, before).intersection(come)).toEqual(new Set())
      for (const { type, imageKey } of events) if (type === 'image.fetched') come.add(String(imageKey))
    }
    const before = scene.smugmug.requests.length
    const last = await scene.download('-e', 'zip')
    expect(last).toMatchObject({ code: 0, summary: { exporters: { zip: { listed: count, failed: 0 } } } })
    expect(picturesAsked(scene, before).intersection(come)).toEqual(new Set())
    expect(await archiveContents(archive(scene))).toEqual(listed(scene))
    expect(await readStaging(scene.output)).toEqual([])
  })

  it('is accepted by other programs, an empty and a compressed one too', async ({ expect }) => {
    const world = rome(3)
    world.addAlbum({ name: 'Empty' })
    await using scene = await scenario(world)
    const programs = archiveTools.filter(({ missing }) => missing === undefined)
    for (const { missing } of archiveTools) if (missing !== undefined) console.warn(`Skipped: ${missing}`)
    for (const compression of ['none', 'deflate']) {
      await scene.download('-e', 'zip', '--set', `zip.compression=${compression}`)
      for (const { problems } of programs) {
        expect(problems(archive(scene))).toBeUndefined()
        expect(problems(join(scene.output, 'Empty.zip'))).toBeUndefined()
        expect(problems(join(scene.output, '.smugdl/catalog.sqlite'))).toBeDefined()
      }
    }
  })
})

/** Keys of the pictures that were asked for since then. */
function picturesAsked({ smugmug }: Scenario, since: number): Set<string> {
  const media = smugmug.requests.slice(since).filter(({ kind }) => kind === 'media')
  return new Set(media.map(({ path }) => /\/i-([^/]+)\//.exec(path)?.[1] ?? path))
}
