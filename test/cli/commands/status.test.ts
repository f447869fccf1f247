import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { rot } from '../../rot.ts'
import { Inside } from '../inside.ts'

function oneAlbum(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  world.addImage(album, { fileName: 'a.jpg' })
  world.addImage(album, { fileName: 'b.jpg' })
  return world
}

/** Beside it an album with a video that does not come. */
function withStuckVideo(): World {
  const world = oneAlbum()
  world.addVideo(world.addAlbum({ name: 'Videos' }), { fileName: 'dance.mov', processing: true })
  return world
}

const nobody = {
  SMUGDL_API_KEY: undefined,
  SMUGDL_API_SECRET: undefined,
  SMUGDL_ACCESS_TOKEN: undefined,
  SMUGDL_ACCESS_TOKEN_SECRET: undefined,
}

describe('smugdl status', () => {
  it('says that no run was made, makes nothing, and exits 1', async () => {
    await using scene = await Inside.of(oneAlbum())
    const { code, out } = await scene.smugdl(['status'])
    expect([code, out]).toEqual([1, `No run has been made in ${scene.output}.\n`])
    expect((await scene.home()).size).toBe(0)
    expect(existsSync(scene.output)).toBe(false)
  })

  it('says when everything was last at home, and exits 0', async () => {
    await using scene = await Inside.of(oneAlbum())
    await scene.download()
    const { code, out } = await scene.smugdl(['status', '--max-age', '36h'])
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Last complete: \d{4}-\d\d-\d\d \d\d:\d\d, 2 pictures and videos\.\n$/),
    ])
    expect((await scene.smugdl(['status', '--json'])).rows()).toMatchObject([
      { type: 'status', ok: true, lastComplete: { run: 1, files: 2 }, failedSince: [] },
    ])
  })

  it('says what verify found missing or damaged, until it is repaired, or a run has fetched what was missing', async () => {
    await using scene = await Inside.of(oneAlbum())
    await scene.download()
    const status = async () => {
      const { code, out } = await scene.smugdl(['status'])
      const found = /^On [-\d: ]+ verify found (.*)$/m.exec(out)?.[1]
      return [code, ...(found === undefined ? [] : [found])]
    }
    await rot(join(scene.output, 'Rome/a.jpg'))
    await rm(join(scene.output, 'Rome/b.jpg'))
    expect((await scene.smugdl(['verify'])).code).toBe(1)
    expect(await status()).toEqual([1, '2 files missing or damaged: smugdl verify --repair fetches them.'])
    await scene.download()
    expect(await status()).toEqual([1, '1 file missing or damaged: smugdl verify --repair fetches it.'])
    const told = 'verify found 1 file damaged: smugdl verify --repair fetches it again.'
    expect(await scene.smugdl([])).toMatchObject({ code: 1, out: expect.stringContaining(`But ${told}`) })
    expect(await scene.smugdl(['-q'])).toMatchObject({ code: 1, out: `${told}\n` })
    expect((await scene.smugdl(['retry'])).err).toContain('"smugdl verify --repair" fetches again')
    expect((await scene.smugdl(['status', '--json'])).rows()).toMatchObject([{ ok: false, damage: { files: 1 } }])
    expect((await scene.smugdl(['verify', '--quick'])).code).toBe(0)
    expect((await status())[0]).toBe(1)
    expect((await scene.smugdl(['verify', '--repair'])).code).toBe(0)
    expect(await status()).toEqual([0])
    const healed = await scene.smugdl([])
    expect([healed.code, healed.out]).toEqual([0, expect.not.stringContaining('damaged')])
  })

  it('names what has failed since, with its exit code: who could not log in and who met an outage is on record', async () => {
    await using scene = await Inside.of(oneAlbum())
    await scene.download()
    expect((await scene.smugdl([], nobody)).code).toBe(3)
    expect((await scene.smugdl([], { SMUGDL_ACCESS_TOKEN: 'x'.repeat(32) })).code).toBe(3)
    const heal = scene.smugmug.faults.add({ path: '/api/v2', kind: 'api', do: { kind: 'status', status: 402 } })
    expect((await scene.smugdl([])).code).toBe(3)
    heal()
    const { code, out } = await scene.smugdl(['status'])
    expect(code).toBe(0)
    const [complete, since, ...failed] = out.trimEnd().split('\n')
    expect(complete).toMatch(/^Last complete: /)
    expect(since).toBe('Since then 3 runs have not succeeded:')
    expect(failed).toEqual([
      expect.stringMatching(/exit 3: SmugMug wants the account settled first/),
      expect.stringMatching(/exit 3: .*token/),
      expect.stringMatching(/exit 3: Nobody is logged in$/),
    ])
    expect((await scene.smugdl(['runs'])).out.match(/exit 3/g)).toHaveLength(3)
    expect((await scene.smugdl(['--album', 'Roma'])).code).toBe(2)
    expect((await scene.smugdl(['status'])).out).toContain('exit 2: No album matches: --album "Roma"\n')
    expect((await scene.smugdl(['runs', '--json'])).rows().map(({ exitCode }) => exitCode)).toEqual([2, 3, 3, 3, 0])
    await scene.download()
    expect((await scene.smugdl(['status'])).out).not.toContain('Since then')
  })

  it('takes no run for complete that left something, or only asked again', async () => {
    await using scene = await Inside.of(withStuckVideo())
    await scene.download()
    await scene.smugdl(['retry'])
    const { code, out } = await scene.smugdl(['status'])
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(
        /^No run has brought everything home yet\.\nUntil now 2 runs have not succeeded:\n.* exit 1: 1 item not safe \(smugdl runs show 2\)\n.*\n$/,
      ),
    ])
  })

  it('takes no run of a part for all: what failed before it stays in sight', async () => {
    await using scene = await Inside.of(withStuckVideo())
    await scene.download()
    for (const part of [
      ['--album', 'Rome'],
      ['--exclude', 'Videos'],
      ['--type', 'photo'],
      ['--since', '2050'],
    ]) {
      expect(await scene.download(...part)).toMatchObject({ code: 0 })
      const { code, out } = await scene.smugdl(['status'])
      expect([code, out]).toEqual([
        1,
        expect.stringMatching(/^No run has .*\nUntil now 1 run has not succeeded:\n.*\n$/),
      ])
    }
  })

  it('takes a run of a part for complete where runs always choose that part, says so, and names what failed outside of it', async () => {
    await using scene = await Inside.of(withStuckVideo())
    await scene.download('--exclude', 'Videos')
    const complete = expect.stringMatching(
      /^Last complete: [-\d: ]+, 2 pictures and videos of what was chosen \(--exclude Videos\)\.\n$/,
    )
    expect(await scene.smugdl(['status'])).toMatchObject({ code: 0, out: complete })
    await scene.download()
    expect((await scene.smugdl(['status'])).code).toBe(1)
    await scene.download('--exclude', 'Videos')
    expect((await scene.smugdl(['status'])).code).toBe(1)
    await scene.download('--exclude', 'Videos')
    const { code, out } = await scene.smugdl(['status'])
    expect([code, out.split('\n').slice(0, 2)]).toEqual([
      0,
      [
        expect.stringMatching(/^Last complete: /),
        'Not chosen by it, and still not safe: 1 item (smugdl retry asks again).',
      ],
    ])
    expect((await scene.smugdl(['status', '--json'])).rows()).toMatchObject([
      { ok: true, lastComplete: { run: 4, choice: { exclude: ['Videos'] } }, stillFailing: 1 },
    ])
  })

  it('takes a part for the same when only its dates move on, and the whole account for more than any part', async () => {
    await using scene = await Inside.of(withStuckVideo())
    await scene.download()
    await scene.download('--exclude=Videos', '--since=2001')
    await scene.download('--exclude=Videos', '--since=2002')
    const { code, out } = await scene.smugdl(['status'])
    expect([code, out]).toEqual([0, expect.stringContaining('(--exclude Videos --since 2002)')])
    await scene.smugdl(['accept', 'dance.mov', '--reason', 'never plays'])
    await scene.download()
    expect((await scene.smugdl(['status'])).out).toMatch(/^Last complete: [-\d: ]+, 2 pictures and videos\.\n$/)
    await scene.download('--album', 'Rome')
    expect((await scene.smugdl(['status', '--json'])).rows()).toMatchObject([{ ok: true, lastComplete: { run: 4 } }])
  })

  it('takes no run for complete that brought no pictures: a gallery alone, or a list', async () => {
    await using scene = await Inside.of(oneAlbum())
    expect((await scene.smugdl(['-e', 'gallery'])).code).toBe(0)
    expect(await scene.smugdl(['status'])).toMatchObject({
      code: 1,
      out: 'No run has brought everything home yet.\n',
    })
    await scene.download()
    await scene.smugdl(['-e', 'manifest'])
    const { code, out } = await scene.smugdl(['status'])
    expect([code, out]).toEqual([0, expect.stringContaining(', 2 pictures and videos')])
  })

  it('exits 1 when the last complete run is too long ago', async () => {
    await using scene = await Inside.of(oneAlbum())
    const monday = Date.parse('2026-11-23T03:15:00Z')
    scene.now = () => monday
    await scene.download()
    scene.now = () => monday + 35 * 3600_000
    expect((await scene.smugdl(['status', '--max-age', '36h'])).code).toBe(0)
    scene.now = () => monday + 37 * 3600_000
    const { code, out } = await scene.smugdl(['status', '--max-age', '36h'])
    expect([code, out]).toEqual([1, expect.stringContaining('not within 36h')])
    expect((await scene.smugdl(['status', '--max-age', '2d'])).code).toBe(0)
    // The clock was set back: nobody can tell how long ago that was.
    scene.now = () => monday - 2 * 3600_000
    expect((await scene.smugdl(['status', '--max-age', '36h'])).code).toBe(1)
  })

  it.each(['36', 'h', '0h', '-1h', '1.5d', 'soon'])('refuses --max-age %s', async (age) => {
    await using scene = await Inside.of(oneAlbum())
    expect((await scene.smugdl(['status', `--max-age=${age}`])).code).toBe(2)
  })
})

describe('--expect-home', () => {
  it('begins no home where none is, and leaves no trace', async () => {
    await using scene = await Inside.of(oneAlbum())
    const { code, err } = await scene.smugdl(['--expect-home'])
    expect([code, err]).toEqual([4, expect.stringContaining(`does not begin one: ${scene.output}`)])
    expect((await scene.home()).size).toBe(0)
    expect(existsSync(scene.output)).toBe(false)
    expect(scene.smugmug.counts.api).toBe(0)
  })

  it('goes on where one is; the first line of a run says when a home is new', async () => {
    await using scene = await Inside.of(oneAlbum())
    const first = await scene.smugdl([])
    expect(first.err).toContain(`into ${scene.output}, a new home (folder)`)
    const next = await scene.smugdl(['--expect-home'])
    expect([next.code, next.err]).toEqual([0, expect.stringContaining(`into ${scene.output} (folder)`)])
  })
})
