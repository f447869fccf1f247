import { expect, it } from 'vitest'
import { type CheckingEvent, certifyRun, check } from '../../src/app/check.ts'
import { download } from '../../src/app/download.ts'
import { overviewOf } from '../../src/app/first-run.ts'
import type { Certificate } from '../../src/engine/check/certificate.ts'
import { World } from '../../src/simulator/world.ts'
import { Inside } from '../cli/inside.ts'

const everything: { album: readonly string[]; exclude: readonly string[] } = { album: [], exclude: [] }

/** What a full run brought, certified by what it listed; then by a check that lists all again; and how many API requests the first took. */
async function certified(scene: Inside, choice = everything) {
  const { smugmug, output } = scene
  const env = { ...smugmug.environment, SMUGDL_CONFIG_DIR: scene.folder }
  const environment = { env, platform: process.platform, cwd: scene.folder, program: [] }
  const use = {
    environment,
    events: (_event: CheckingEvent) => {},
    signal: new AbortController().signal,
    now: Date.now,
  }
  const { user } = await overviewOf({}, { ...use, events() {} })
  const summary = await download({ output, full: true, ...choice }, { ...use, events() {} })
  const before = smugmug.counts.api
  const byRun = await certifyRun({ output, ...choice, user, summary }, use)
  const requests = smugmug.counts.api - before
  return { byRun, requests, byCheck: await check({ output, ...choice }, use) }
}

const proof = ({ account, complete, total, top, outside, findings, excluded }: Certificate) => ({
  account,
  complete,
  total: { ...total, verified: undefined },
  albums: top.albums.map(({ name, sums }) => [name, sums.listed, sums.same, sums.unlisted]),
  outside,
  findings,
  excluded,
})

function world(): World {
  const world = new World({ nickName: 'jamie' })
  const rome = world.addAlbum({ name: 'Rome' })
  for (const fileName of ['a.jpg', 'b.jpg', 'c.jpg']) world.addImage(rome, { fileName })
  world.addVideo(world.addAlbum({ name: 'Films' }), { fileName: 'walk.mp4' })
  return world
}

it('says the same as a check that lists the account again, and asks SmugMug nothing', async () => {
  await using scene = await Inside.of(world())
  scene.smugmug.faults.add({ path: '/photos/', kind: 'media', after: 3, do: { kind: 'status', status: 404 } })
  const { byRun, requests, byCheck } = await certified(scene)
  expect(requests).toBe(0)
  expect(byRun.total).toMatchObject({ listed: 4, same: 3, missing: 1 })
  expect(proof(byRun)).toEqual(proof(byCheck))
})

it('so it does of albums that are chosen', async () => {
  await using scene = await Inside.of(world())
  const { byRun, byCheck } = await certified(scene, { album: ['Rome'], exclude: [] })
  expect(byRun).toMatchObject({ complete: true, excluded: 1 })
  expect(proof(byRun)).toEqual(proof(byCheck))
})

it('is not complete of an album that the run could not list', async () => {
  const account = world()
  await using scene = await Inside.of(account)
  const films = [...account.albums.values()].find(({ name }) => name === 'Films')
  scene.smugmug.faults.add({ path: `/album/${films?.key}!images`, kind: 'api', do: { kind: 'status', status: 404 } })
  const { byRun } = await certified(scene)
  expect(byRun).toMatchObject({ complete: false, total: { listed: 3, same: 3, unlisted: 1 } })
})

it('is never given for a run that trusted what an earlier one saw', async () => {
  await using scene = await Inside.of(world())
  const { smugmug, output } = scene
  const env = { ...smugmug.environment, SMUGDL_CONFIG_DIR: scene.folder }
  const environment = { env, platform: process.platform, cwd: scene.folder, program: [] }
  const now = () => Date.now() + 3_600_000
  const use = { environment, events() {}, signal: new AbortController().signal, now }
  const { user } = await overviewOf({}, use)
  await download({ output }, use)
  const summary = await download({ output }, use)
  if (summary.albums.trusted === 0) throw new Error('nothing was trusted: this proves nothing')
  await expect(certifyRun({ output, ...everything, user, summary }, use)).rejects.toThrow('not every album was listed')
})
