import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { urlPathOf, World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

/** `Travel/Italy/A morning walk` with ten pictures, an album elsewhere, and a video in SmugMug's conversion. */
async function account() {
  const world = new World({ nickName: 'jamie' })
  const travel = world.addFolder({ name: 'Travel' })
  const italy = world.addFolder({ name: 'Italy', in: travel })
  const walk = world.addAlbum({ name: 'A morning walk', in: italy, description: 'The week when it rained' })
  for (let n = 12; n > 2; n--) world.addImage(walk, { fileName: `Rome ${n}.jpg` })
  const zoo = world.addAlbum({ name: 'Zoo' })
  const cafe = world.addImage(zoo, { fileName: 'a.jpg', caption: 'Café by the gate', keywords: ['Elephants', 'Köln'] })
  world.addVideo(zoo, { fileName: 'dance.MOV' })
  const scene = await Inside.of(world)
  await scene.download()
  const found = async (...args: string[]) => {
    const { code, rows } = await scene.smugdl(['find', '--json', ...args])
    return { code, names: rows().map(({ name }) => name), rows: rows() }
  }
  return { scene, cafe, walk, found }
}

describe('smugdl find', () => {
  it.each([
    [['cafe'], ['a.jpg']],
    [['CAFÉ', 'gate'], ['a.jpg']],
    [['elephant'], ['a.jpg']],
    [['koln zoo'], ['a.jpg']],
    [['rome 11'], ['Rome 11.jpg']],
    [['walk 12'], ['Rome 12.jpg']],
    [['rained 12'], ['Rome 12.jpg']],
    [['*walk*', '--kind', 'original'], expect.objectContaining({ length: 10 })],
    [['Zoo/a.*'], ['a.jpg']],
    [['--kind', 'transcode'], [expect.stringMatching(/^dance/)]],
  ])('%j is found by plain words, whatever their case and accents', async (args, names) => {
    const { scene, found } = await account()
    await using _ = scene
    expect(await found(...args)).toMatchObject({ code: 0, names })
  })

  it('sorts as people count, and names each file by a path that opens', async () => {
    const { scene, found } = await account()
    await using _ = scene
    const { names, rows } = await found('italy')
    expect(names).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `Rome ${n}.jpg`))
    const path = 'Travel/Italy/A morning walk/Rome 3.jpg'
    expect(rows[0]).toMatchObject({ home: [{ path, file: join(scene.output, path), kind: 'original' }] })
    expect((await scene.smugdl(['find', 'rome 3'])).out).toContain(`home     ${join(scene.output, path)} (folder`)
  })

  it('takes no small copy for a picture: a video that is not at home is not there, whatever the gallery shows of it', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Party' })
    world.addImage(album, { fileName: 'cake.jpg' })
    world.addVideo(album, { fileName: 'dance.MOV', processing: true })
    await using scene = await Inside.of(world)
    await scene.smugdl(['-e', 'folder,gallery'])
    const { out } = await scene.smugdl(['find', 'dance'])
    expect(out).toContain('  home     not there: SmugMug is still processing it\n')
    expect(out).toMatch(/^ {2}also {5}\S+\.jpg \(gallery\)$/m)
    expect((await scene.smugdl(['find', '--kind', 'original', '--json'])).rows()).toMatchObject([
      { name: 'cake.jpg', home: [{ exporter: 'folder' }], also: [{ exporter: 'gallery' }] },
    ])
  })

  it('finds a picture in its archive', async () => {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'Party' }), { fileName: 'cake.jpg' })
    await using scene = await Inside.of(world)
    await scene.smugdl(['-e', 'zip'])
    const { rows } = await scene.smugdl(['find', 'cake', '--json'])
    expect(rows()).toMatchObject([{ home: [{ exporter: 'zip', path: 'Party.zip' }], also: [] }])
  })

  it('knows the address of a picture, of an album and of a folder', async () => {
    const { scene, cafe, walk, found } = await account()
    await using _ = scene
    expect((await found(`https://jamie.smugmug.com/Zoo/i-${cafe.key}/A`)).names).toEqual(['a.jpg'])
    expect((await found(`https://jamie.smugmug.com${urlPathOf(walk)}/?x=1#y`)).names).toHaveLength(10)
    expect((await found('https://photos.jamie.example/travel')).names).toHaveLength(10)
    expect((await found('https://jamie.smugmug.com/Nowhere')).code).toBe(1)
  })

  it('knows a path at home, absolute or from where the user stands', async () => {
    const { scene, found } = await account()
    await using _ = scene
    expect((await found(join(scene.output, 'Zoo/a.jpg'))).names).toEqual(['a.jpg'])
    expect((await found(`${join(scene.output, 'Travel/Italy')}/`)).names).toHaveLength(10)
    scene.cwd = join(scene.output, 'Travel/Italy')
    expect((await found('./A morning walk/Rome 7.jpg')).names).toEqual(['Rome 7.jpg'])
  })

  it('exits 1 with a hint where nothing is, and 2 where nothing was asked for', async () => {
    const { scene } = await account()
    await using _ = scene
    const none = await scene.smugdl(['find', 'giraffe'])
    expect([none.code, none.out]).toEqual([1, ''])
    expect(none.err).toContain('has "giraffe" in its name, title, caption, keywords or album. Fewer letters find more')
    expect((await scene.smugdl(['find', 'rome*x'])).err).toContain('are found anywhere')
    expect((await scene.smugdl(['find'])).code).toBe(2)
  })
})
