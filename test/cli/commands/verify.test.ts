import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { rot } from '../../rot.ts'
import { Inside } from '../inside.ts'

/** `Travel/Rome` and `Zoo` with three pictures each, at home. */
async function atHome(): Promise<Inside> {
  const world = new World()
  const albums = [
    world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) }),
    world.addAlbum({ name: 'Zoo' }),
  ]
  for (const album of albums)
    for (const fileName of ['a.jpg', 'b.jpg', 'c.jpg']) world.addImage(album, { fileName, size: 2000 })
  const scene = await Inside.of(world)
  await scene.download()
  return scene
}

const lines = (text: string) => text.trimEnd().split('\n')

describe('smugdl verify', () => {
  it('needs neither network nor login, and adds up', async () => {
    await using scene = await atHome()
    await scene.smugmug.close()
    const env = Object.fromEntries(Object.keys(scene.smugmug.environment).map((name) => [name, undefined]))
    const { code, out } = await scene.smugdl(['verify'], env)
    expect(code).toBe(0)
    expect(out).toMatch(
      /^verified: 9 items = 9 ok \+ 0 missing \+ 0 damaged \+ 0 changed by you \([\d.]+ kB read in [\d.]+ s\)\n$/,
    )
    expect(await scene.smugdl(['verify', '-q'], env)).toMatchObject({ code: 0, out: '', err: '' })
  })

  it('names what is not as it was delivered, and exits 1', async () => {
    await using scene = await atHome()
    await rot(join(scene.output, 'Zoo/a.jpg'))
    await rm(join(scene.output, 'Zoo/b.jpg'))
    await writeFile(join(scene.output, 'Travel/Rome/c.jpg'), 'my own')
    await writeFile(join(scene.output, 'notes.txt'), 'my own')
    const quiet = await scene.smugdl(['verify', '-q'])
    const { code, out } = await scene.smugdl(['verify', '-v', '--log-file', join(scene.folder, 'log')])
    expect([code, quiet.code]).toEqual([1, 1])
    expect(lines(out).slice(0, 4)).toEqual([
      'changed by you  Travel/Rome/c.jpg',
      'damaged  Zoo/a.jpg',
      'missing  Zoo/b.jpg',
      'not ours  notes.txt',
    ])
    expect(lines(out).at(-1)).toContain('9 items = 6 ok + 1 missing + 1 damaged + 1 changed by you')
    expect(lines(quiet.out).at(-1)).toContain('9 items = 6 ok + 1 missing + 1 damaged + 1 changed by you')
    expect(await readFile(join(scene.folder, 'log'), 'utf8')).toContain('damaged  Zoo/a.jpg')

    const { out: json } = await scene.smugdl(['verify', '--json'])
    expect(JSON.parse(json)).toMatchObject({
      type: 'verify.finished',
      items: 9,
      ok: 6,
      missing: 1,
      damaged: 1,
      changed: 1,
      unknown: 1,
      findings: [{ path: 'Travel/Rome/c.jpg' }, { path: 'Zoo/a.jpg' }, { path: 'Zoo/b.jpg' }],
    })
  })

  it('--repair fetches what is missing or damaged and nothing else, and keeps the damaged in the trash', async () => {
    await using scene = await atHome()
    const { world } = scene.smugmug
    await rot(join(scene.output, 'Zoo/a.jpg'))
    const damaged = await readFile(join(scene.output, 'Zoo/a.jpg'))
    await rm(join(scene.output, 'Zoo/b.jpg'))
    await writeFile(join(scene.output, 'Zoo/c.jpg'), 'my own')
    for (const album of world.albums.values()) world.addImage(album, { fileName: 'new.jpg' })
    const { media } = scene.smugmug.counts

    const { code, out } = await scene.smugdl(['verify', '--repair'])
    expect(scene.smugmug.counts.media - media).toBe(2)
    // What the user changed is left, so not everything is as it was delivered.
    expect(code).toBe(1)
    expect(out).not.toContain('smugdl verify --repair')
    expect(lines(out).slice(-2)).toEqual([
      'changed by you  Zoo/c.jpg',
      'repaired: 3 items = 2 right again + 1 as before',
    ])
    expect(await readFile(join(scene.output, 'Zoo/c.jpg'), 'utf8')).toBe('my own')
    expect([...(await scene.home()).keys()].filter((path) => path.includes('new'))).toEqual([])
    const [day = ''] = await readdir(join(scene.output, '.smugdl/trash'))
    expect(await readFile(join(scene.output, '.smugdl/trash', day, 'Zoo/a.jpg'))).toEqual(damaged)

    expect(await scene.download()).toMatchObject({ code: 0, exporters: { folder: { new: 2, updated: 1, failed: 0 } } })
    expect((await scene.smugdl(['verify'])).code).toBe(0)
  })

  it('--repair brings small pictures of the gallery back, and fetches no other for them', async () => {
    await using scene = await atHome()
    expect((await scene.smugdl(['-e', 'folder,gallery'])).code).toBe(0)
    const small = [...(await scene.home()).keys()].filter((path) => path.startsWith('gallery/t/'))
    expect(small).toHaveLength(6)
    await rm(join(scene.output, small[0] ?? ''))
    await writeFile(join(scene.output, small[1] ?? ''), 'x')
    await rm(join(scene.output, 'gallery/dates.html'))
    const { media } = scene.smugmug.counts
    const { out } = await scene.smugdl(['verify', '--repair'])
    expect(out).toContain(`missing  ${small[0]}\n`)
    expect(lines(out).at(-1)).toBe('repaired: 3 items = 2 right again + 1 as before')
    expect(scene.smugmug.counts.media - media).toBe(1)
    await rm(join(scene.output, small[1] ?? ''))
    expect((await scene.smugdl(['verify', '--repair'])).code).toBe(0)
    expect((await scene.smugdl(['verify'])).code).toBe(0)
  })

  it('--repair leaves a damaged picture where it is when SmugMug no longer has it, or when SmugMug is not there', async () => {
    await using scene = await atHome()
    const { world } = scene.smugmug
    const [gone] = [...world.images.values()]
    if (gone !== undefined) world.removeImage(gone)
    await scene.download()
    await rot(join(scene.output, 'Travel/Rome/a.jpg'))
    await rot(join(scene.output, 'Zoo/b.jpg'))
    const before = await scene.home()
    const offline = await scene.smugdl(['verify', '--repair'], { SMUGDL_ACCESS_TOKEN: 'none' })
    expect([offline.code, await scene.home()]).toEqual([3, before])

    const { code, out } = await scene.smugdl(['verify', '--repair', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(lines(out).at(-1) ?? '')).toMatchObject({
      type: 'repair.finished',
      found: 2,
      left: [{ state: 'damaged', path: 'Travel/Rome/a.jpg' }],
    })
    expect((await scene.home()).get('Travel/Rome/a.jpg')).toEqual(before.get('Travel/Rome/a.jpg'))
    expect((await scene.smugdl(['verify', '-q'])).out).toContain('8 ok + 0 missing + 1 damaged')
  })

  it('--repair delivers as the last run did, whatever its options were', async () => {
    await using scene = await atHome()
    await scene.download('--set', 'folder.layout=urlpath', '--set', 'folder.mtime=none')
    const before = [...(await scene.home()).keys()]
    await rm(join(scene.output, 'Zoo/a.jpg'))
    expect((await scene.smugdl(['verify', '--repair'])).code).toBe(0)
    expect([...(await scene.home()).keys()]).toEqual(before)
  })

  it('refuses a share that is none and a folder without a run, and makes nothing there', async () => {
    await using scene = await Inside.of(new World())
    for (const share of ['0/7', '8/7', '7', '1/0', 'x/7'])
      expect((await scene.smugdl(['verify', '--subset', share])).code).toBe(2)
    const { code, err } = await scene.smugdl(['verify', '-o', join(scene.folder, 'nothing')])
    expect([code, err]).toEqual([4, expect.stringContaining('No run has been made in')])
    await expect(stat(join(scene.folder, 'nothing'))).rejects.toThrow('ENOENT')
  })
})
