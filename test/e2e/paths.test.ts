import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { readHome } from './home.ts'
import { expectAllHome, scenario } from './scenario.ts'

/** README's table of templates: each, and the path that it shows. */
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const shown = [...readme.matchAll(/^\| `(\S*\{.+?)`\s+\| `([^`]+)`: .*\|$/gm)].map(([, template = '', path = '']) => ({
  template: template.replaceAll('\\|', '|'),
  path,
}))

/** What README's paths are of: the seventh picture of an album, with a caption; a collected one, an undated scan and a video besides. */
function account(): World {
  const world = new World()
  const tokyo = world.addAlbum({ name: 'Tokyo', urlName: 'Tokyo-Trip', in: world.addFolder({ name: 'Travel' }) })
  for (let n = 2; n <= 7; n++)
    world.addImage(tokyo, { fileName: `IMG_${n}.JPG`, size: 1000, capturedAt: `2024-0${n}-01T10:00:00` })
  const capturedAt = '2025-12-31T23:30:05'
  const caption = 'Just before the fireworks'
  const facts = { key: 'kQ3v9Zt', title: 'At the fountain', caption, capturedAt }
  const image = world.addImage(tokyo, { fileName: 'IMG_1.JPG', size: 1000, ...facts })
  const others = world.addAlbum({ name: 'Others' })
  world.collect(image, others)
  world.addImage(others, { fileName: 'Scan.JPG', size: 1000 })
  world.addVideo(others, { fileName: 'Walk.MOV', size: 1000, capturedAt: '2025-06-01T10:00:00' })
  return world
}

describe.concurrent('a template of README’s', () => {
  it('is one of eight', ({ expect }) => {
    expect(shown.map(({ template }) => template)).toHaveLength(8)
  })

  it.for(shown)(
    '$template makes what README shows, moves a whole home without a download, and back',
    async ({ template, path }, { expect }) => {
      await using scene = await scenario(account())
      await expectAllHome(scene, await scene.download(), { new: 10 })
      const before = await homeOf(scene.output)

      const there = await scene.download('--set', `folder.path=${template}`)
      expect([there.code, there.requests]).toEqual([0, { api: 2, media: 0 }])
      const home = await homeOf(scene.output)
      expect(home.get(path)).toBe(before.get('Travel/Tokyo/IMG_1.JPG'))
      expect([...home.keys()]).toContain(`${path}.xmp`)
      // A picture that two albums put at one path is one file, which has one sidecar.
      expect(picturesIn(home)).toEqual(picturesIn(before))
      const again = await scene.download('--set', `folder.path=${template}`)
      expect([again.code, again.requests, await homeOf(scene.output)]).toEqual([0, { api: 2, media: 0 }, home])

      const back = await scene.download('--set', 'folder.path={album.path}/{name}')
      expect([back.code, back.requests]).toEqual([0, { api: 2, media: 0 }])
      expect(await homeOf(scene.output)).toEqual(before)
      const verified = await scene.smugdl(['verify', '-o', scene.output])
      expect([verified.code, verified.stderr]).toEqual([0, ''])
    },
  )
})

function picturesIn(home: ReadonlyMap<string, string>): Set<string> {
  return new Set([...home].filter(([path]) => !path.endsWith('.xmp')).map(([, md5]) => md5))
}

/** MD5 of each file at home, sidecars too; where a template puts pictures decides which folders have an `album.json`. */
async function homeOf(output: string): Promise<Map<string, string>> {
  const files = [...(await readHome(output, { descriptions: true }))]
  return new Map(
    files.flatMap(([path, file]) =>
      typeof file === 'object' && !/(album|folder)\.json$/.test(path) ? [[path, file.md5]] : [],
    ),
  )
}
