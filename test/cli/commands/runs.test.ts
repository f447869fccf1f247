import { describe, expect, it } from 'vitest'
import { RunLock } from '../../../src/catalog/lock/lock.ts'
import { World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

/** `Travel/Rome` with two pictures and a video that SmugMug still processes, after a run. */
async function afterRun(): Promise<Inside> {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  world.addImage(rome, { fileName: 'a.jpg', caption: 'Sunset at the Forum' })
  world.addImage(rome, { fileName: 'b.jpg' })
  world.addVideo(rome, { fileName: 'dance.mov', processing: true })
  const scene = await Inside.of(world)
  await scene.download()
  return scene
}

describe('smugdl runs', () => {
  it('lists runs, newest first, and names what one of them could not make safe', async () => {
    await using scene = await afterRun()
    await scene.download()
    const { code, out } = await scene.smugdl(['runs'])
    expect(code).toBe(0)
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['run', 'began', 'took', 'ended', 'new', 'updated', 'unchanged', 'not safe', 'fetched'],
      ['2', expect.any(String), expect.any(String), 'exit 1', '0', '0', '2', '1', '0 B'],
      ['1', expect.any(String), expect.any(String), 'exit 1', '2', '0', '0', '1', expect.stringMatching(/kB$/)],
    ])
    expect((await scene.smugdl(['runs', '--json', '--limit', '1'])).rows()).toMatchObject([
      { run: 2, ended: 'finished', summary: { failedInAll: 1 } },
    ])
    const shown = await scene.smugdl(['runs', 'show'])
    expect(shown.out).toMatch(/^Travel\/Rome\/dance\.MOV \[\w+\]: SmugMug is still processing it\b.*\n$/i)
    const [failure] = (await scene.smugdl(['runs', 'show', '1', '--json'])).rows()
    expect(failure).toMatchObject({ imageKey: expect.any(String), albumKey: expect.any(String) })
  })

  it('refuses a run that is none, and a folder without runs', async () => {
    await using scene = await afterRun()
    for (const [args, code] of [
      [['show', '7'], 2],
      [['show', 'last'], 2],
      [['list'], 2],
    ] as const)
      expect((await scene.smugdl(['runs', ...args])).code).toBe(code)
    expect((await scene.smugdl(['runs', '-o', 'nothing'])).code).toBe(4)
  })

  it('dates what ran while the clock was in the year 999 with four digits, as doctor does', async () => {
    await using scene = await afterRun()
    scene.now = () => Date.UTC(999, 5, 2, 12)
    expect((await scene.smugdl(['--full'])).code).toBe(1)
    for (const command of ['doctor', 'runs']) {
      const { code, out } = await scene.smugdl([command])
      expect([command, code]).toEqual([command, 0])
      expect(out).toMatch(/(?<!\d)0999-06-0[123] /)
      expect(out).not.toMatch(/(?<!\d)999-/)
    }
  })

  it('--unlock says that nothing was locked, and not while a run lives', async () => {
    await using scene = await afterRun()
    const { code, out } = await scene.smugdl(['runs', '--unlock'])
    expect([code, out]).toEqual([0, expect.stringContaining('Nothing was locked')])
    using _lock = RunLock.acquire(scene.output, { command: 'smugdl night', now: 0 })
    expect((await scene.smugdl(['runs', '--unlock'])).code).toBe(4)
  })
})
