import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'vitest'
import { readAll } from '../../../src/simulator/content.ts'
import { originalOf } from '../../../src/simulator/files.ts'
import { World } from '../../../src/simulator/world.ts'
import { type Scenario, scenario } from '../../e2e/scenario.ts'

interface Scene extends Scenario {
  /** A backup that another program made, of all pictures but the last: `<album>/<number>.jpg`. */
  readonly old: string
}

/** `Travel/Rome` and `Zoo` with three pictures each, not at home. */
async function oldBackup(): Promise<Scene> {
  const world = new World()
  const albums = [
    world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) }),
    world.addAlbum({ name: 'Zoo' }),
  ]
  const images = albums.flatMap((album) =>
    ['a.jpg', 'b.jpg', 'c.jpg'].map((fileName) => world.addImage(album, { fileName, size: 2000 })),
  )
  const scene = await scenario(world)
  const old = join(scene.folder, 'old')
  for (const [number, image] of images.slice(0, -1).entries()) {
    await put(join(old, image.albums[0]?.name ?? '', `${number}.jpg`), readAll(originalOf(image).content))
  }
  return Object.assign(scene, { old })
}

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

const lines = (text: string) => text.trimEnd().split('\n')
const everything = ['Travel/Rome/a.jpg', 'Travel/Rome/b.jpg', 'Travel/Rome/c.jpg', 'Zoo/a.jpg', 'Zoo/b.jpg']

describe.concurrent('smugdl adopt', () => {
  it('takes an old backup over without a download, and says what is left', async ({ expect }) => {
    await using scene = await oldBackup()
    await put(join(scene.old, 'holiday.mov'), 'a video')
    await put(join(scene.old, 'notes.txt'), 'mine')
    const { code, stdout, stderr } = await scene.smugdl(['adopt', 'old', '-o', 'home'])
    expect([code, scene.smugmug.counts.media]).toEqual([0, 0])
    expect(stderr).toBe(`Adopting ${scene.old} into ${scene.output}\n`)
    expect(lines(stdout).slice(-2)).toEqual([
      expect.stringMatching(/^files: 7 = 5 matched \+ 2 unmatched \+ 0 unreadable \(in [\d.]+ s\)$/),
      expect.stringMatching(
        /^pictures and videos: 6 = 0 in place \+ 5 placed \+ 0 at home before \+ 1 left \([\d.]+ kB placed\)$/,
      ),
    ])
    expect(stdout).toContain('2 files match nothing on SmugMug and stay where they are')
    expect(stdout).toContain('1 of them is a video')
    expect(stdout).toContain(`1 picture or video is left for "smugdl -o ${scene.output}" to download`)
    expect([...(await scene.home()).keys()]).toEqual(everything)
    expect(await readdir(join(scene.output, '.smugdl'))).not.toContain('adopt.sqlite')
    expect((await scene.download()).summary?.exporters.folder).toMatchObject({ unchanged: 5, new: 1 })
  })

  it('names what matches nothing with -v, to a program and in the log file, and says nothing with -q', async ({
    expect,
  }) => {
    await using scene = await oldBackup()
    await put(join(scene.old, 'notes.txt'), 'mine')
    const verbose = await scene.smugdl(['adopt', 'old', '-o', 'one', '-v', '--log-file', 'log'])
    expect(lines(verbose.stdout)[0]).toBe(`matches nothing  ${scene.old}/notes.txt`)
    expect(await readFile(join(scene.folder, 'log'), 'utf8')).toContain(`matches nothing  ${scene.old}/notes.txt`)
    const json = await scene.smugdl(['adopt', 'old', '-o', 'two', '--json'])
    expect(lines(json.stdout).map((line) => JSON.parse(line))).toMatchObject([
      { type: 'adopt.unmatched', path: `${scene.old}/notes.txt`, bytes: 4 },
      { type: 'adopt.finished', files: 6, matched: 5, unmatched: 1, images: 6, placed: 5, left: 1, failedInAll: 0 },
    ])
    expect(json.stderr).toBe('')
    expect(await scene.smugdl(['adopt', 'old', '-o', 'three', '-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('exits 1 and names what could not be read, and then reads only that again', async ({ expect }) => {
    await using scene = await oldBackup()
    await put(join(scene.old, 'broken.zip'), 'no archive')
    const { code, stdout } = await scene.smugdl(['adopt', 'old', '-o', 'home', '-q'])
    expect(code).toBe(1)
    expect(lines(stdout)[0]).toMatch(/^cannot be read {2}.*\/old\/broken\.zip \(/)
    await rm(join(scene.old, 'broken.zip'))
    // The rest is remembered: its bytes need not be read any more.
    for (const name of ['Rome', 'Zoo']) await chmod(join(scene.old, name), 0o755)
    expect(await scene.smugdl(['adopt', 'old', '-o', 'home'])).toMatchObject({ code: 0 })
    expect(existsSync(join(scene.output, '.smugdl', 'adopt.sqlite'))).toBe(false)
  })

  it('rebuilds a catalog that is lost, broken, or broken inside, and sets what is broken aside', async ({ expect }) => {
    await using scene = await oldBackup()
    await scene.download()
    const home = await scene.home()
    const media = scene.smugmug.counts.media
    const catalog = join(scene.output, '.smugdl', 'catalog.sqlite')
    const whole = await readFile(catalog)

    await rm(join(scene.output, '.smugdl'), { recursive: true })
    const lost = await scene.smugdl(['adopt', 'home', '-o', 'home'])
    expect([lost.code, lines(lost.stdout).at(-1)]).toEqual([
      0,
      expect.stringMatching(/^pictures and videos: 6 = 6 in place \+ 0/),
    ])
    expect(lost.stderr).toContain('where it stands')

    const inside = Buffer.from(whole)
    inside.fill(0xff, 8192, 24_576)
    for (const bytes of [Buffer.alloc(10_000, 'not a database '), inside]) {
      await writeFile(catalog, bytes)
      const { code, stdout, stderr } = await scene.smugdl(['adopt', 'home'])
      expect([code, lines(stdout).at(-1)]).toEqual([
        0,
        expect.stringMatching(/^pictures and videos: 6 = 6 in place \+ 0/),
      ])
      const [aside] = /\/\S*\/catalog\.broken-[\d-]+\.sqlite/.exec(stderr) ?? []
      expect(await readFile(aside ?? '')).toEqual(bytes)
    }
    expect(await scene.home()).toEqual(home)
    expect((await scene.download()).summary?.exporters.folder).toMatchObject({ unchanged: 6, new: 0 })
    expect(scene.smugmug.counts.media).toBe(media)
  })

  it('does not touch a broken catalog when another folder is to be adopted', async ({ expect }) => {
    await using scene = await oldBackup()
    await put(join(scene.output, '.smugdl', 'catalog.sqlite'), 'not a database '.repeat(1000))
    const { code, stderr } = await scene.smugdl(['adopt', 'old', '-o', 'home'])
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining(`"smugdl adopt ${scene.output} -o ${scene.output}" sets`),
    ])
    expect((await readdir(join(scene.output, '.smugdl'))).filter((name) => name.includes('broken'))).toEqual([])
  })

  it('keeps the layout of an earlier run, and takes one that is asked for', async ({ expect }) => {
    await using scene = await oldBackup()
    await rename(scene.old, join(scene.folder, 'Zoo'))
    expect((await scene.smugdl(['adopt', 'Zoo', '-o', 'home', '--set', 'folder.layout=urlpath'])).code).toBe(0)
    const paths = [...(await scene.home()).keys()]
    expect(paths).toContain('Travel/Rome/a.jpg')
    const again = await scene.smugdl(['adopt', 'Zoo', '-o', 'home'])
    expect(lines(again.stdout).at(-1)).toContain('0 placed + 5 at home before')
    expect([...(await scene.home()).keys()]).toEqual(paths)
  })

  it('refuses what cannot be meant, before it asks SmugMug', async ({ expect }) => {
    await using scene = await oldBackup()
    for (const [args, said] of [
      [['adopt'], 'DIR'],
      [['adopt', 'nowhere'], 'There is no such folder'],
      [['adopt', 'old/Zoo/3.jpg'], 'There is no such folder'],
      [['adopt', 'old', '--link', '--move'], 'exclude each other'],
      [['adopt', 'old', '-e', 'nothing'], 'There is no such exporter'],
    ] as const) {
      const { code, stderr } = await scene.smugdl(args)
      expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(said)])
    }
    expect(scene.smugmug.counts.api).toBe(0)
    expect(existsSync(join(scene.folder, 'smugmug_photos'))).toBe(false)
  })
})
