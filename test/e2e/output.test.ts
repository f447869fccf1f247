import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { scenario } from './scenario.ts'

function threeImages(fails = false): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  for (let i = 0; i < 3; i++) world.addImage(album, { fileName: `${i}.jpg` })
  if (fails) world.addImage(album, { fileName: 'none.jpg', rights: 'none' })
  return world
}

const sumLine = /^folder: 4 listed = 3 new \+ 0 updated \+ 0 unchanged \+ 0 skipped \+ 1 failed \(.+\)$/

describe.concurrent('what a run says', () => {
  it('with --json is one object a line on standard output, and nothing anywhere else', async ({ expect }) => {
    await using scene = await scenario(threeImages(true))
    const { events, stderr } = await scene.download()
    for (const event of events)
      expect(event).toMatchObject({
        type: expect.any(String),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      })
    expect(events[0]).toMatchObject({ type: 'run.started', account: { nickName: 'janedoe' }, output: scene.output })
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', failedInAll: 1 })
    expect(Map.groupBy(events, ({ type }) => type).get('image.finished')).toHaveLength(3)
    expect(stderr).toBe('')
  })

  it('in a pipe ends with the sum, after every failed item with its reason and what to do', async ({ expect }) => {
    await using scene = await scenario(threeImages(true))
    const { code, stdout } = await scene.smugdl(['-o', scene.output])
    expect(code).toBe(1)
    const lines = stdout.trim().split('\n')
    expect(lines.at(-1)).toMatch(sumLine)
    expect(stdout).toContain('Album/none.jpg')
    expect(stdout).toContain('SmugMug gives no copy of it to this login. Look at the download settings of its album.')
    expect(stdout).not.toContain('\u001b')
  })

  it('with -q is nothing when all is safe, and the summary when something is not', async ({ expect }) => {
    await using safe = await scenario(threeImages())
    expect(await safe.smugdl(['-q', '-o', safe.output])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    await using unsafe = await scenario(threeImages(true))
    const { code, stdout, stderr } = await unsafe.smugdl(['-q', '-o', unsafe.output])
    expect(code).toBe(1)
    expect((stdout + stderr).trim().split('\n').at(-1)).toMatch(sumLine)
  })

  it('goes to the log file, too', async ({ expect }) => {
    await using scene = await scenario(threeImages(true))
    const log = join(scene.folder, 'smugdl.log')
    await scene.smugdl(['-q', '-o', scene.output, '--log-file', log])
    await scene.smugdl(['-o', scene.output, '--log-file', log])
    const text = await readFile(log, 'utf8')
    expect(text).toContain('Album/none.jpg')
    expect(text).toContain('4 listed = 3 new')
    expect(text).toContain('4 listed = 0 new + 0 updated + 3 unchanged')
  })
})

describe.concurrent('smugdl', () => {
  it('without a command downloads, with every flag as a variable', async ({ expect }) => {
    await using scene = await scenario(threeImages())
    const env = {
      SMUGDL_OUTPUT: scene.output,
      SMUGDL_JSON: '1',
      SMUGDL_CONCURRENCY: '2',
      SMUGDL_ALBUM: 'Album\nNothing*',
    }
    expect((await scene.smugdl([], env)).code).toBe(2)
    expect((await scene.smugdl([], { ...env, SMUGDL_ALBUM: 'alb*' })).code).toBe(0)
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })

  it('downloads to smugmug_photos here, if nothing else is said', async ({ expect }) => {
    await using scene = await scenario(threeImages())
    expect((await scene.smugdl([])).code).toBe(0)
    expect(await readFile(join(scene.folder, 'smugmug_photos/Album/0.jpg'))).toBeInstanceOf(Buffer)
  })

  it('demo brings its own account home and exits 0', async ({ expect }) => {
    await using scene = await scenario(new World())
    const { code, stdout } = await scene.smugdl(['demo', '-o', join(scene.folder, 'demo')])
    expect(code).toBe(0)
    expect(stdout).toContain('Home is exactly what the demo account allows: 302 files')
  })
})
