import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { albums } from '../../src/app/albums.ts'
import { accept, accepted, find, runs } from '../../src/app/catalog-queries.ts'
import { check } from '../../src/app/check.ts'
import { download } from '../../src/app/download.ts'
import type { Surroundings } from '../../src/app/environment.ts'
import { retry } from '../../src/app/retry.ts'
import { verify } from '../../src/app/verify.ts'
import { whoami } from '../../src/app/whoami.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'

/** A front end as a window or a web page would be one: it keeps what it hears, and has no streams to print to. */
class Window {
  readonly heard: { type: string }[] = []
  readonly #environment: Surroundings['environment']
  readonly stop = new AbortController()

  constructor(simulator: Simulator, cwd: string) {
    const env = { ...simulator.environment, SMUGDL_CONFIG_DIR: join(cwd, 'config') }
    this.#environment = { env, platform: process.platform, cwd, program: [process.execPath, 'dist/smugdl.mjs'] }
  }

  /** For any use case: their events are told apart by `type`. */
  use<Event>(): Surroundings<Event> {
    return {
      environment: this.#environment,
      events: (event) => void this.heard.push(event as { type: string }),
      signal: this.stop.signal,
      now: Date.now,
    }
  }

  types(): Set<string> {
    return new Set(this.heard.map(({ type }) => type))
  }
}

let simulator: Simulator
let cwd: string
const printed: unknown[] = []

beforeAll(async () => {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  for (const fileName of ['a.jpg', 'b.jpg', 'c.jpg']) world.addImage(rome, { fileName })
  world.addImage(world.addAlbum({ name: 'Garden' }), { fileName: 'd.jpg' })
  simulator = await simulate(world)
  cwd = await mkdtemp(join(tmpdir(), 'smugdl-window-'))
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(text) > 0)
})

afterAll(async () => {
  vi.restoreAllMocks()
  await simulator.close()
  await rm(cwd, { recursive: true })
})

test('a whole download, check and verify go through the use cases alone, and nothing is printed', async () => {
  const window = new Window(simulator, cwd)
  expect(await whoami({}, window.use())).toMatchObject({ access: 'full', credentials: 'environment' })
  expect((await albums({ album: ['Travel/**'] }, window.use())).map(({ path }) => path)).toEqual(['Travel/Rome'])

  const summary = await download({ output: 'home', exporter: ['folder', 'manifest'] }, window.use())
  expect(summary).toMatchObject({ failedInAll: 0, exporters: { folder: { new: 4 }, manifest: { new: 4 } } })
  expect(await readdir(join(cwd, 'home/Travel/Rome'))).toEqual(['a.jpg', 'album.json', 'b.jpg', 'c.jpg'])
  expect(window.types()).toContain('run.finished')

  expect(await check({ output: 'home' }, window.use())).toMatchObject({ complete: true })
  expect(await verify({ output: 'home' }, window.use())).toMatchObject({ isRight: true, summary: { ok: 8 } })
  expect(await retry({ output: 'home' }, window.use())).toBeUndefined()

  let hits = 0
  expect(await find({ output: 'home', asked: 'a.jpg' }, { ...window.use(), events: () => void hits++ })).toBe(1)
  expect(hits).toBe(1)
  expect(await runs({ output: 'home', limit: 5 }, window.use())).toMatchObject({ rows: [{ ended: 'finished' }] })
  expect(printed).toEqual([])
})

test('what is damaged is found, repaired under the same lock, and right again', async () => {
  const window = new Window(simulator, cwd)
  const picture = join(cwd, 'repaired/Garden/d.jpg')
  await download({ output: 'repaired', album: ['Garden'] }, window.use())
  await rm(picture)
  expect(await verify({ output: 'repaired' }, window.use())).toMatchObject({ isRight: false, summary: { missing: 1 } })
  expect(await verify({ output: 'repaired', repair: true }, window.use())).toMatchObject({ isRight: true, left: [] })
  expect(await verify({ output: 'repaired' }, window.use())).toMatchObject({ isRight: true })
  expect(window.types()).toContain('verify.finished')
})

test('a front end stops a run by its signal, and the run says so by throwing', async () => {
  const window = new Window(simulator, cwd)
  const use = window.use<{ type: string }>()
  const events = (event: { type: string }) => {
    if (event.type === 'walk.finished') window.stop.abort()
  }
  await expect(download({ output: 'stopped' }, { ...use, events })).rejects.toMatchObject({ kind: 'cancelled' })
  expect(await runs({ output: 'stopped', limit: 1 }, window.use())).toMatchObject({ rows: [{ ended: 'interrupted' }] })
})

test('what is accepted is listed with its reason, and a key that no run knows is refused', async () => {
  const window = new Window(simulator, cwd)
  await download({ output: 'accepted', album: ['Garden'] }, window.use())
  const [garden] = await albums({ album: ['Garden'] }, window.use())
  await accept({ output: 'accepted', keys: [garden?.key ?? ''], reason: 'weeds' }, window.use())
  expect(await accepted({ output: 'accepted' }, window.use())).toMatchObject([{ item: 'Garden', reason: 'weeds' }])
  const unknown = accept({ output: 'accepted', keys: ['nobody'], reason: 'weeds' }, window.use())
  await expect(unknown).rejects.toMatchObject({ kind: 'usage' })
})

test('a picture that somebody changed is reported and left alone, even by a repair', async () => {
  const window = new Window(simulator, cwd)
  await download({ output: 'edited', album: ['Garden'] }, window.use())
  await writeFile(join(cwd, 'edited/Garden/d.jpg'), 'edited by its owner')
  const { isRight, left } = await verify({ output: 'edited', repair: true }, window.use())
  expect([isRight, left?.map(({ state }) => state)]).toEqual([false, ['changed']])
})
