import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { download } from '../../src/app/download.ts'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'

function world(nickName = 'jamie'): World {
  const world = new World({ nickName })
  const album = world.addAlbum({ name: 'Rome' })
  for (const name of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName: name })
  return world
}

/** Nobody names an output, and the user stands in an empty folder. */
async function elsewhere(scene: Inside, name = 'elsewhere'): Promise<string> {
  scene.cwd = join(scene.folder, name)
  await mkdir(scene.cwd, { recursive: true })
  return scene.cwd
}

const unnamed = { SMUGDL_OUTPUT: undefined }

describe('homes are remembered', () => {
  it('goes on, without -o, in the home used last, says so first, and fetches nothing twice', async () => {
    await using scene = await Inside.of(world())
    await scene.download()
    const cwd = await elsewhere(scene)
    const { code, err, out } = await scene.smugdl([], unnamed)
    expect(code).toBe(0)
    expect(err.split('\n')[0]).toBe(`Into ${scene.output}, as last time (-o puts it elsewhere).`)
    expect(out).toContain('folder: 2 listed = 0 new + 0 updated + 2 unchanged')
    expect(await readdir(cwd)).toEqual([])
  })

  it.each([
    ['status', 'Last complete: '],
    ['runs', 'finished'],
    ['find a.jpg', 'a.jpg'],
    ['verify', '3 ok'],
    ['check', 'Complete: 2 of 2'],
    ['retry', ''],
    ['doctor', 'home'],
  ])('%s answers about it too', async (line, expected) => {
    await using scene = await Inside.of(world())
    await scene.download()
    const cwd = await elsewhere(scene)
    const { code, out, err } = await scene.smugdl(line.split(' '), unnamed)
    expect([code, err]).toEqual([0, expect.anything()])
    expect(out).toContain(expected)
    if (line !== 'doctor') expect(`${out}${err}`).toContain(scene.output)
    expect(await readdir(cwd)).toEqual([])
  })

  it('prefers the home that one stands in, however deep, and then smugmug_photos here', async () => {
    await using scene = await Inside.of(world())
    await scene.download()
    const second = join(scene.folder, 'second')
    await scene.download('-o', join(second, 'smugmug_photos'))
    await scene.download()
    scene.cwd = second
    expect((await scene.smugdl(['download', '--json'], unnamed)).rows()[0]).toMatchObject({
      type: 'run.started',
      output: join(second, 'smugmug_photos'),
    })
    scene.cwd = join(scene.output, 'Rome')
    expect((await scene.smugdl(['download', '--json'], unnamed)).rows()[0]).toMatchObject({ output: scene.output })
  })

  it('begins smugmug_photos here only for an account without any home', async () => {
    await using scene = await Inside.of(world())
    const cwd = await elsewhere(scene)
    expect((await scene.smugdl([], unnamed)).code).toBe(0)
    expect(existsSync(join(cwd, 'smugmug_photos/Rome/a.jpg'))).toBe(true)
  })

  it('takes no home of another account, nor of another SmugMug, and asks SmugMug whose a new login is', async () => {
    await using scene = await Inside.of(world('jamie'))
    const { origin } = scene.smugmug
    const homes = [
      { origin, account: 'robin', path: join(scene.folder, 'of robin'), usedAt: 2 },
      { origin: 'https://api.smugmug.com', account: 'jamie', path: join(scene.folder, 'the real one'), usedAt: 3 },
      { origin, account: 'jamie', path: scene.output, usedAt: 1 },
    ]
    await scene.download()
    const cwd = await elsewhere(scene)
    await writeFile(join(scene.folder, 'homes.json'), JSON.stringify({ homes, logins: {} }))
    expect((await scene.smugdl([], unnamed)).err).toContain(`Into ${scene.output}, as last time`)
    await writeFile(join(scene.folder, 'homes.json'), JSON.stringify({ homes: homes.slice(0, 2), logins: {} }))
    expect((await scene.smugdl([], unnamed)).code).toBe(0)
    expect(existsSync(join(cwd, 'smugmug_photos/Rome/a.jpg'))).toBe(true)
  })

  it('does not bring the account to another place while the disk of its home is away', async () => {
    await using scene = await Inside.of(world())
    await scene.download()
    const cwd = await elsewhere(scene)
    await rename(scene.output, `${scene.output} unplugged`)
    const { code, err } = await scene.smugdl([], unnamed)
    expect([code, err]).toEqual([4, expect.stringMatching(/The home used last is not there: .*Connect its disk.*-o/s)])
    expect(await readdir(cwd)).toEqual([])
    expect((await scene.smugdl(['status'], unnamed)).out).toContain(`No run has been made in ${scene.output}`)
  })

  it('puts a run that could not log in on record there', async () => {
    await using scene = await Inside.of(world())
    await scene.download()
    await elsewhere(scene)
    const nobody = Object.fromEntries(
      Object.keys(scene.smugmug.environment)
        .filter((name) => /KEY|TOKEN|SECRET/.test(name))
        .map((name) => [name, undefined]),
    )
    expect((await scene.smugdl([], { ...unnamed, ...nobody })).code).toBe(3)
    expect((await scene.smugdl(['status'], unnamed)).out).toMatch(/exit 3: Nobody is logged in/)
  })

  it('brings all home where nothing can be remembered, or what is remembered cannot be read', async () => {
    await using scene = await Inside.of(world())
    await writeFile(join(scene.folder, 'homes.json'), '{"homes":[')
    const file = join(scene.folder, 'file')
    await writeFile(file, '')
    await elsewhere(scene)
    expect((await scene.smugdl([], { ...unnamed, SMUGDL_CONFIG_DIR: file })).code).toBe(0)
    await elsewhere(scene, 'another')
    expect((await scene.smugdl([], unnamed)).code).toBe(0)
    expect((await scene.smugdl(['status'], unnamed)).code).toBe(0)
  })

  it('keeps the home of a run that was interrupted before the account was listed', async () => {
    await using scene = await Inside.of(world())
    const { output } = scene
    const stop = new AbortController()
    const env = { ...scene.smugmug.environment, SMUGDL_CONFIG_DIR: scene.folder }
    const environment = { env, platform: process.platform, cwd: scene.folder, program: [] }
    const run = download(
      { output },
      {
        environment,
        signal: stop.signal,
        now: Date.now,
        events: ({ type }) => type === 'run.started' && stop.abort(),
      },
    )
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' })
    await elsewhere(scene)
    expect((await scene.smugdl(['download'], unnamed)).err).toContain(`Into ${output}, as last time`)
  })

  it('keeps no home of a dry run', async () => {
    await using scene = await Inside.of(world())
    await scene.download('--dry-run')
    expect(existsSync(join(scene.folder, 'homes.json'))).toBe(false)
  })
})

describe('a home is made as last time', () => {
  it('with the exporters and options of its last run, unless -e and --set say otherwise', async () => {
    await using scene = await Inside.of(world())
    await scene.download('-e', 'folder,manifest', '--set', 'folder.mtime=uploaded')
    const [started] = (await scene.smugdl(['download', '--json'])).rows()
    expect(started).toMatchObject({ type: 'run.started', exporters: ['folder', 'manifest'] })
    expect((await scene.smugdl(['download', '--json', '-e', 'folder'])).rows()[0]).toMatchObject({
      exporters: ['folder'],
    })
  })

  it('but never by a run that only listed: pictures that are new come home', async () => {
    await using scene = await Inside.of(world())
    await scene.download()
    await scene.download('-e', 'manifest')
    const last = await scene.download()
    expect(last).toMatchObject({ code: 0, exporters: { folder: { unchanged: 2 } } })
  })
})

describe('on a terminal, a new folder beside a home', () => {
  const asking = async (answer: boolean, account = world()) => {
    const scene = await Inside.of(account)
    await scene.download()
    const questions: string[] = []
    const confirm = async (question: string) => {
      questions.push(question)
      return answer
    }
    const output = join(scene.folder, 'new')
    const env = { ...scene.smugmug.environment, SMUGDL_CONFIG_DIR: scene.folder }
    const environment = { env, platform: process.platform, cwd: scene.folder, program: [] }
    const { signal } = new AbortController()
    await download({ output, confirm }, { environment, signal, now: Date.now, events() {} })
    return { scene, questions, output }
  }

  it('is asked about, and what was named is taken unless the user says yes', async () => {
    const { scene, questions, output } = await asking(false)
    await using _ = scene
    expect(questions).toEqual([
      `You have a home of this account in ${scene.output} (2 files). Continue there, instead of beginning another one in ${output}?`,
    ])
    expect(existsSync(join(output, 'Rome/a.jpg'))).toBe(true)
  })

  it('is not asked about where the other one never got a picture', async () => {
    const empty = new World()
    empty.addAlbum({ name: 'Rome' })
    const { scene, questions, output } = await asking(true, empty)
    await using _ = scene
    expect([questions, existsSync(output)]).toEqual([[], true])
  })

  it('is not begun when the user says that it was a slip', async () => {
    const { scene, output } = await asking(true)
    await using _ = scene
    expect(existsSync(output)).toBe(false)
  })
})
