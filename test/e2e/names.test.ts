import { describe, it } from 'vitest'
import { type Album, type Folder, type ImageInit, World } from '../../src/simulator/world.ts'
import { expectAllHome, type Scenario, scenario } from './scenario.ts'

/** An album of these file names, in this order. */
function named(fileNames: readonly string[], init: ImageInit = {}): { world: World; album: Album } {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  for (const fileName of fileNames) world.addImage(album, { ...init, fileName })
  return { world, album }
}

async function paths(scene: Scenario): Promise<string[]> {
  return [...(await scene.home()).keys()]
}

describe.concurrent('names at home', () => {
  it('tell images of one name apart by their keys, every one of them', async ({ expect }) => {
    const { world, album } = named(['IMG_1.JPG', 'IMG_1.JPG', 'IMG_2.JPG'])
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 3 })
    const [first, second] = album.images
    const expected = [`IMG_1 [${first?.key}].JPG`, `IMG_1 [${second?.key}].JPG`, 'IMG_2.JPG']
    expect(await paths(scene)).toEqual(expected.map((name) => `Album/${name}`).sort())
  })

  it('tell apart what differs by upper and lower case only, or by composed and decomposed letters', async ({
    expect,
  }) => {
    const { world, album } = named(['Cafe\u0301.jpg', 'Caf\u00e9.jpg', 'a.jpg', 'A.JPG', 'straße.jpg', 'STRASSE.jpg'])
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 6 })
    const found = await paths(scene)
    const folded = found.map((path) => path.normalize('NFC').toUpperCase().toLowerCase())
    expect(new Set(folded).size).toBe(6)
    for (const { key } of album.images.slice(0, 4)) expect(found.join()).toContain(`[${key}]`)
    expect(found.every((path) => path === path.normalize('NFC'))).toBe(true)
  })

  it('are the image keys where SmugMug has no file name', async ({ expect }) => {
    const { world, album } = named(['', ''])
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 2 })
    expect(await paths(scene)).toEqual(album.images.map(({ key }) => `Album/${key}.jpg`).sort())
  })

  it('stay inside of the output and legal on Windows, whatever they are on SmugMug', async ({ expect }) => {
    const { world } = named([
      '..',
      '../../outside.jpg',
      '..\\..\\outside.jpg',
      '/etc/passwd',
      'C:\\a.jpg',
      'CON',
      'nul.jpg',
      'COM1.tar.jpg',
      'ends in dots...',
      ' spaces ',
      'a<b>c:d"e|f?g*h.jpg',
      'line\nbreak\u0000\u0007.jpg',
      'abc\u202Egpj.exe',
      '\u{1F468}\u200D\u{1F469}.jpg',
      'x'.repeat(400),
      `${'é'.repeat(300)}.jpg`,
      '.smugdl',
    ])
    for (const name of ['..', '.', '', 'a/b', '\u202Eevil', 'LPT9', '.smugdl', 'y'.repeat(300)])
      world.addImage(world.addAlbum({ name, in: world.addFolder({ name }) }), { fileName: 'a.jpg' })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 25 })
    const found = await paths(scene)
    expect(found).toHaveLength(25)
    for (const name of found.flatMap((path) => path.split('/'))) {
      expect(Buffer.byteLength(name), name).toBeLessThanOrEqual(255)
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
      expect(name).not.toMatch(/[. ]$|^ |[<>:"|?*\\\p{Cc}\p{Bidi_Control}]/u)
    }
    expect((await scene.smugdl(['--version'])).code).toBe(0)
  })

  it('tell apart albums and folders of one name, and an album and a folder of one name', async ({ expect }) => {
    const world = new World()
    const nodes: (Album | Folder)[] = []
    for (const name of ['Same', 'same', 'Same']) {
      const album = world.addAlbum({ name })
      world.addImage(album, { fileName: 'in album.jpg' })
      nodes.push(album)
    }
    for (const name of ['Same', 'SAME']) {
      const folder = world.addFolder({ name })
      world.addImage(world.addAlbum({ name: 'Inner', in: folder }), { fileName: 'in folder.jpg' })
      nodes.push(folder)
    }
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 5 })
    const found = (await paths(scene)).map((path) => path.split('/')[0])
    const expected = nodes.map((node) => `${node.name} [${node.type === 'Folder' ? node.id : (node as Album).key}]`)
    expect(found).toEqual(expected.sort())
  })

  it('follow from no order of the answers', async ({ expect }) => {
    const { world, album } = named(['b.jpg', 'B.jpg', 'a.jpg', 'a.jpg', '', 'b [x].jpg', 'a [1].jpg'])
    for (const name of ['Twin', 'twin', 'Twin ']) {
      const twin = world.addAlbum({ name, in: world.addFolder({ name }) })
      world.addImage(twin, { fileName: 'same.jpg' })
      world.addImage(twin, { fileName: 'same.jpg' })
    }
    await using plain = await scenario(world)
    await using shuffled = await scenario(world)
    shuffled.smugmug.quirks.add({ path: '/api/v2', do: { kind: 'shuffled', every: 'listing' } })
    await expectAllHome(plain, await plain.download(), { new: 13 })
    await expectAllHome(shuffled, await shuffled.download(), { new: 13 })
    const tree = async (scene: Scenario) => [...(await scene.home())].map(([path, file]) => [path, Object(file).md5])
    expect(await tree(shuffled)).toEqual(await tree(plain))
    expect(album.images).toHaveLength(7)
  })

  it('stay the same in later runs, and when images of the same name come', async ({ expect }) => {
    const { world, album } = named(['a.jpg', 'b.jpg'])
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 2 })
    const late = world.addImage(album, { fileName: 'A.jpg' })
    await expectAllHome(scene, await scene.download(), { new: 1, unchanged: 2 })
    expect(await paths(scene)).toEqual([`Album/A [${late.key}].jpg`, 'Album/a.jpg', 'Album/b.jpg'])
    await expectAllHome(scene, await scene.download('--full'), { unchanged: 3 })
  })

  it('of a video have the extension of the conversion that came', async ({ expect }) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    world.addVideo(album, { fileName: 'Clip.MOV' })
    world.addImage(album, { fileName: 'Clip.mp4.jpg' })
    await using scene = await scenario(world)
    expect(await expectAllHome(scene, await scene.download(), { new: 2 })).toMatchObject({ transcodes: 1 })
    expect(await paths(scene)).toEqual(['Album/Clip.mp4', 'Album/Clip.mp4.jpg'])
  })
})
