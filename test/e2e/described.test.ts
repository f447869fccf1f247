import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { openArchive } from '../../plugins/zip/archive.ts'
import { World } from '../../src/simulator/world.ts'
import { readHome } from './home.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

/** `Rome`, with two pictures that have words and one that has none. */
function account() {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', description: 'Three days' })
  const forum = world.addImage(rome, { fileName: 'a.jpg', caption: 'The Forum', keywords: ['ruins', 'noon'] })
  world.addImage(rome, { fileName: 'b.jpg', title: 'Market' })
  world.addImage(rome, { fileName: 'c.jpg' })
  return { world, forum }
}

async function atHome() {
  const { world, forum } = account()
  const scene = await scenario(world)
  await expectAllHome(scene, await scene.download(), { new: 3 })
  return { scene, world, forum, first: await said(scene) }
}

/** What each sidecar at home says, by path. */
async function said({ output }: Scenario): Promise<Map<string, string>> {
  const paths = [...(await readHome(output, { descriptions: true })).keys()].filter((path) => path.endsWith('.xmp'))
  const texts = paths.map(async (path) => [path, await readFile(join(output, path), 'utf8')] as const)
  return new Map(await Promise.all(texts))
}

describe.concurrent('what was written on SmugMug', () => {
  it('comes home in the default run, which says with numbers what is home, as the certificate does', async ({
    expect,
  }) => {
    const { scene, first } = await atHome()
    await using _ = scene
    expect([...first.keys()]).toEqual(['Rome/a.jpg.xmp', 'Rome/b.jpg.xmp'])
    expect(first.get('Rome/a.jpg.xmp')).toContain('The Forum')
    expect(JSON.parse(await readFile(join(scene.output, 'Rome/album.json'), 'utf8'))).toMatchObject({
      description: 'Three days',
      images: [{ file: 'a.jpg' }, { file: 'b.jpg' }, { file: 'c.jpg' }],
    })
    const { stdout: told } = await scene.smugdl(['-o', scene.output])
    expect(told).toContain('Captions, keywords, places, and dates that files lack: 2 sidecars with the pictures\n')
    const { stdout: certificate } = await scene.smugdl(['check', '-o', scene.output])
    expect(certificate).toContain(
      'Titles, captions and keywords are home: 2 of 2 pictures and videos at home with any on SmugMug have them in a small file beside the picture (.xmp)',
    )
    expect(certificate).toContain(
      'Albums and folders with a description or keywords: 1 of 1 have it at home, in album.json and folder.json.',
    )
  })

  it('and is changed there is written again: one sidecar, no download', async ({ expect }) => {
    const { scene, world, forum, first } = await atHome()
    await using _ = scene
    world.editImage(forum, { caption: 'The Palatine' })
    const run = await scene.download('--full')
    expect(await expectHome(scene, run, { unchanged: 3 })).toMatchObject({
      sidecars: { atHome: 2, written: 1, yours: 0 },
    })
    expect(run.requests.media).toBe(0)
    const second = await said(scene)
    expect(second.get('Rome/a.jpg.xmp')).toContain('The Palatine')
    expect(second.get('Rome/b.jpg.xmp')).toBe(first.get('Rome/b.jpg.xmp'))
  })

  it('is yours where you wrote into its sidecar, which is said once', async ({ expect }) => {
    const { scene, world, forum } = await atHome()
    await using _ = scene
    await writeFile(join(scene.output, 'Rome/a.jpg.xmp'), '<x:xmpmeta>by digiKam</x:xmpmeta>')
    world.editImage(forum, { caption: 'The Palatine' })
    const [once, again] = [await scene.download('--full'), await scene.download('--full')]
    const sidecars = { atHome: 1, written: 0, yours: 1 }
    expect([once.summary?.sidecars, again.summary?.sidecars]).toEqual([sidecars, sidecars])
    expect([once.code, again.code, again.summary?.notices]).toEqual([0, 0, []])
    expect(once.summary?.notices).toEqual([expect.stringContaining('"Rome/a.jpg.xmp"')])
    expect((await said(scene)).get('Rome/a.jpg.xmp')).toBe('<x:xmpmeta>by digiKam</x:xmpmeta>')
  })

  it('comes back where its sidecar was lost, and is named by verify where it is damaged', async ({ expect }) => {
    const { scene, first } = await atHome()
    await using _ = scene
    const path = join(scene.output, 'Rome/a.jpg.xmp')
    await rm(path)
    const run = await scene.download()
    expect([run.code, run.requests, run.summary?.sidecars?.written]).toEqual([0, { api: 2, media: 0 }, 1])
    expect(await said(scene)).toEqual(first)
    const time = new Date('2026-01-02T03:04:05Z')
    await utimes(path, time, time)
    await scene.download()
    await writeFile(path, (await readFile(path, 'utf8')).replace('Forum', 'Farum'))
    await utimes(path, time, time)
    const verified = await scene.smugdl(['verify', '-o', scene.output])
    expect([verified.code, verified.stdout]).toEqual([1, expect.stringContaining('Rome/a.jpg.xmp')])
    const repaired = await scene.smugdl(['verify', '--repair', '-o', scene.output])
    expect([repaired.code, await said(scene)]).toEqual([0, first])
  })

  it('is in folders, archives and lists in one run, each picture downloaded once', async ({ expect }) => {
    await using scene = await scenario(account().world)
    expect((await scene.download('-e', 'folder,zip,manifest')).code).toBe(0)
    expect(scene.smugmug.counts.media).toBe(3)
    expect([...(await said(scene)).keys()]).toEqual(['Rome/a.jpg.xmp', 'Rome/b.jpg.xmp'])
    using archive = await openArchive(join(scene.output, 'Rome.zip'))
    expect(archive.images.map(({ name }) => name)).toEqual(['a.jpg', 'a.jpg.xmp', 'b.jpg', 'b.jpg.xmp', 'c.jpg'])
    const { albums } = JSON.parse(await readFile(join(scene.output, 'manifest.json'), 'utf8'))
    expect(albums[0].images[0]).toMatchObject({
      caption: 'The Forum',
      keywords: ['ruins', 'noon'],
      deliveries: { folder: { sidecars: ['Rome/a.jpg.xmp'] }, zip: { sidecars: ['a.jpg.xmp'] } },
    })
  })

  it('costs a nightly run nothing: two requests, and one for each hundred albums beyond the first', async ({
    expect,
  }) => {
    const world = new World()
    for (let n = 1; n <= 201; n++) {
      const album = world.addAlbum({ name: `Album ${n}` })
      world.addImage(album, { size: 1000, caption: `Picture ${n}` })
    }
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 201 })
    const night = await scene.download()
    expect(await expectAllHome(scene, night, { unchanged: 201 })).toMatchObject({
      sidecars: { atHome: 201, written: 0, yours: 0 },
    })
    expect(night.requests).toEqual({ api: 4, media: 0 })
  })

  it('is known as ours when the catalog was lost, and written again where it has changed since', async ({ expect }) => {
    const { scene, world, forum } = await atHome()
    await using _ = scene
    await rm(join(scene.output, '.smugdl/catalog.sqlite'))
    world.editImage(forum, { caption: 'The Palatine' })
    expect((await scene.smugdl(['adopt', scene.output, '-o', scene.output])).code).toBe(0)
    const run = await scene.download()
    expect([run.code, run.requests.media, run.summary?.notices]).toEqual([0, 0, []])
    expect((await said(scene)).get('Rome/a.jpg.xmp')).toContain('The Palatine')
  })
})
