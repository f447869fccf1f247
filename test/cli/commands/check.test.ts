import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { demoWorld } from '../../../src/simulator/demo.ts'
import { World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

/** `Travel/Rome` and `Travel/Oslo` with two pictures each, at home. */
async function atHome(): Promise<Inside> {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  for (const name of ['Rome', 'Oslo']) {
    const album = world.addAlbum({ name, in: travel })
    for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName })
  }
  const scene = await Inside.of(world)
  await scene.download()
  return scene
}

const check = (scene: Inside, ...args: string[]) => scene.smugdl(['check', ...args])

/** The text without what differs from one machine and run to the next. */
const steady = (text: string, { output }: Inside) =>
  text
    .replaceAll(output, '<home>')
    .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d)?/g, (found) => (found.length > 10 ? '<time>' : '<the date>'))

describe('smugdl check', () => {
  it('says that everything is at home, and exits 0', async () => {
    await using scene = await atHome()
    const { code, out, err } = await check(scene)
    expect({ code, err, last: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      err: '',
      last: 'Complete: 4 of 4',
    })
  })

  it('names what differs, ends with the certificate and exits 1, as its golden file tells', async () => {
    await using scene = await Inside.of(demoWorld())
    await scene.download()
    const { world } = scene.smugmug
    const walk = [...world.albums.values()].find(({ name }) => name === 'A morning walk')
    const [gone, replaced] = walk?.images ?? []
    if (gone) world.removeImage(gone)
    if (replaced) world.replaceImage(replaced)
    await rm(join(scene.output, 'Odds and ends/Panoramas/Panorama 002.JPG'))
    const { code, out } = await check(scene)
    expect(code).toBe(1)
    await expect(steady(out, scene)).toMatchFileSnapshot('golden/check.txt')
  })

  it('names with -q what no run has named, and counts the rest in one line', async () => {
    await using scene = await atHome()
    const { world } = scene.smugmug
    const [rome] = world.albums.values()
    if (rome === undefined) throw new Error('no album')
    const film = world.addVideo(rome, { fileName: 'film.mov', processing: true })
    await scene.download()
    const known = 'Not complete: 4 of 5, 1 missing (1 as the last run said: smugdl runs show)\n'
    expect(await check(scene, '-q')).toMatchObject({ code: 1, out: known, err: '' })
    await rm(join(scene.output, 'Travel/Rome/a.jpg'))
    const { code, out } = await check(scene, '-q')
    expect([code, out.split('\n')]).toEqual([
      1,
      [
        '+ Travel/Rome/a.jpg: It was brought home and is no longer there',
        'Not complete: 3 of 5, 2 missing (1 as the last run said: smugdl runs show)',
        '',
      ],
    ])
    world.removeImage(film)
    await scene.download()
    expect(await check(scene, '-q')).toMatchObject({ code: 0, out: '', err: '' })
  })

  it('writes a line for every item with --combined, as rclone does', async () => {
    await using scene = await atHome()
    await rm(join(scene.output, 'Travel/Rome/a.jpg'))
    const file = join(scene.folder, 'items.txt')
    const { code, out } = await check(scene, '--combined', file)
    expect(code).toBe(1)
    expect((await readFile(file, 'utf8')).split('\n')).toEqual([
      '= Travel/Oslo/a.jpg',
      '= Travel/Oslo/b.jpg',
      '+ Travel/Rome/a.jpg',
      '= Travel/Rome/b.jpg',
      '',
    ])
    expect(out).toMatch(/^\+ Travel\/Rome\/a\.jpg: It was brought home and is no longer there\n\nCertificate/)
  })

  it('tells a program all of it as one object', async () => {
    await using scene = await atHome()
    await rm(join(scene.output, 'Travel/Rome/a.jpg'))
    const { code, out } = await check(scene, '--json')
    expect([code, out.match(/\n/g)?.length]).toEqual([1, 1])
    expect(JSON.parse(out)).toMatchObject({
      type: 'certificate',
      complete: false,
      account: { nickName: 'janedoe', name: 'Jane Doe' },
      home: scene.output,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      announced: 4,
      total: { albums: 2, announced: 4, listed: 4, same: 3, missing: 1, verified: { from: expect.any(String) } },
      albums: [],
      folders: [
        {
          name: 'Travel',
          sums: { listed: 4, same: 3 },
          albums: [
            { name: 'Oslo', announced: 2, sums: { same: 2, missing: 0 } },
            { name: 'Rome', announced: 2, sums: { same: 1, missing: 1 } },
          ],
        },
      ],
      findings: [{ kind: 'missing', item: 'Travel/Rome/a.jpg', reason: 'It was brought home and is no longer there' }],
    })
  })

  it('leaves a page, in whose place nothing stands before it is whole, and no secret in it', async () => {
    await using scene = await atHome()
    const page = join(scene.folder, 'certificate.html')
    await writeFile(page, 'the last one')
    scene.smugmug.faults.add({ path: '!authuser', times: 1, do: { kind: 'status', status: 401 } })
    expect((await check(scene, '--certificate', page)).code).toBe(3)
    expect(await readFile(page, 'utf8')).toBe('the last one')
    const { code, err } = await check(scene, '--certificate', page)
    expect([code, err]).toEqual([0, `\nAs a page to print: ${page}\n`])
    expect((await check(scene, '-q', '--certificate', page)).err).toBe('')
    const html = await readFile(page, 'utf8')
    expect(html).toContain('<h1>Complete: 4 of 4</h1>')
    for (const secret of Object.values(scene.smugmug.credentials)) expect(html).not.toContain(secret)
    expect((await readdir(scene.folder)).sort()).toEqual(['certificate.html', 'home', 'homes.json'])
  })

  it('refuses a file that cannot be written before it asks SmugMug anything', async () => {
    await using scene = await atHome()
    await mkdir(join(scene.folder, 'taken'))
    const before = scene.smugmug.counts.api
    for (const flag of ['--combined', '--certificate']) {
      const { code, err } = await check(scene, flag, join(scene.folder, 'nowhere', 'x'))
      expect([code, err]).toEqual([2, expect.stringContaining(flag)])
    }
    expect(scene.smugmug.counts.api).toBe(before)
  })

  it('remembers with --read that every byte was right, and without it changes nothing at all', async () => {
    await using scene = await atHome()
    const path = join(scene.output, '.smugdl', 'catalog.sqlite')
    const verified = () => {
      using catalog = Catalog.openToRead(path)
      return [...catalog.deliveries.of('folder')].map(({ verifiedAt }) => verifiedAt)
    }
    const [before, { mtimeMs }] = [verified(), await stat(path)]
    expect((await check(scene)).code).toBe(0)
    expect((await stat(path)).mtimeMs).toBe(mtimeMs)
    const { code, out } = await check(scene, '--read')
    expect(code).toBe(0)
    expect(out).toContain('Every byte of them was read for this certificate.')
    for (const [index, at] of verified().entries()) expect(at).toBeGreaterThan(before[index] ?? 0)
    expect((await readdir(join(scene.output, '.smugdl'))).sort()).not.toContain('lock')
  })

  it('refuses a folder without a run, and makes nothing there', async () => {
    await using scene = await Inside.of(new World())
    for (const args of [[], ['--read']]) {
      const { code, err } = await check(scene, ...args)
      expect([code, err]).toEqual([4, expect.stringContaining('No run has been made in')])
    }
    expect(await readdir(scene.folder)).toEqual([])
  })

  it('compares what --album and --exclude choose, and the exporters that --exporter names', async () => {
    await using scene = await atHome()
    await rm(join(scene.output, 'Travel/Rome/a.jpg'))
    const { code, out } = await check(scene, '--album', '**/oslo', '-e', 'folder')
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'Complete for the albums chosen: 2 of 2'])
    expect(await check(scene, '-e', 'floder')).toMatchObject({ code: 2, err: expect.stringContaining('folder') })
    expect(await check(scene, '--album', 'Nowhere')).toMatchObject({ code: 2, out: '' })
  })
})
