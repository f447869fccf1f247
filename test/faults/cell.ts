import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunSummary } from '../../src/engine/events.ts'
import { SmugdlError } from '../../src/error.ts'
import type { JsonAnswer } from '../../src/simulator/faults.ts'
import type { RequestKind } from '../../src/simulator/rules.ts'
import { type Album, World } from '../../src/simulator/world.ts'
import { Backup } from '../engine/adopt/backup.ts'
import { type Lie, lies } from './lies.ts'

/** What is answered, and to which request: an account whose albums have two pages of images, and one of them a new picture and a new video. */
export const places = [
  'authuser',
  'albums',
  'children',
  'both lists',
  'images page 1',
  'images page n',
  'largestvideo',
  'download',
] as const
export type Place = (typeof places)[number]

/** Lies that only a list can tell, and those that only an answer of the API can. */
const ofLists: ReadonlySet<Lie> = new Set([
  'no Pages',
  'no Total',
  'an empty list',
  'pages in a circle',
  'a page at http://[',
])
const ofTheApi: ReadonlySet<Lie> = new Set(['a Locator alone'])

export function canBeTold(lie: Lie, place: Place): boolean {
  const isList = place !== 'authuser' && place !== 'largestvideo' && place !== 'download'
  if (ofLists.has(lie)) return isList
  return place !== 'download' || !ofTheApi.has(lie)
}

/** What comes of a `--full --mirror` run to which a lie is told at one place. Fails when a promise is broken. */
export async function cell(lie: Lie, place: Place, times: number, atHome: string): Promise<string> {
  const account = newAccount()
  addNews(account)
  await using backup = await Backup.of(account.world, pagesOfTwo)
  await cp(atHome, backup.output, { recursive: true, preserveTimestamps: true })
  backup.now += 24 * 60 * 60 * 1000
  const { faults } = backup.smugmug
  const withoutVideos = ({ Expansions: _, ...answer }: JsonAnswer) => answer
  faults.add({ path: '!images', do: { kind: 'edited', edit: withoutVideos } })
  const before = await backup.files()
  const heal = faults.add({ ...requestsFor(place, account), times, do: lies[lie] })
  const outcome = await outcomeOf(backup)
  const after = await backup.files()
  for (const [path, { md5 }] of before)
    if (after.get(path)?.md5 !== md5) throw new Error(`${lie} at ${place}: ${path} is no longer at home`)
  if (outcome === 'healed' && after.size !== before.size + 2)
    throw new Error(`${lie} at ${place}: called whole with ${after.size} files`)
  if (outcome === 'healed') return outcome
  heal()
  if ((await outcomeOf(backup)) !== 'healed' || (await backup.files()).size !== before.size + 2)
    throw new Error(`${lie} at ${place}: the next honest run does not heal it`)
  return outcome
}

/** The home of the account as it was before the news, and what takes it away. */
export async function firstHome(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-faults-'))
  const path = join(folder, 'home')
  await using backup = await Backup.of(newAccount().world, pagesOfTwo)
  await backup.run()
  await cp(backup.output, path, { recursive: true, preserveTimestamps: true })
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

const pagesOfTwo = { clamps: { AlbumImages: 2 } }

interface NewAccount {
  world: World
  rome: Album
}

function newAccount(): NewAccount {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const oslo = world.addAlbum({ name: 'Oslo' })
  for (const fileName of ['1.jpg', '2.jpg', '3.jpg']) world.addImage(rome, { fileName, size: 1000 })
  world.addImage(oslo, { fileName: '4.jpg', size: 1000 })
  return { world, rome }
}

function addNews({ world, rome }: NewAccount): void {
  world.addImage(rome, { fileName: 'new.jpg', size: 1000 })
  world.addVideo(rome, { fileName: 'film.mp4', size: 1000, video: { size: 1000 } })
}

function requestsFor(place: Place, { rome }: NewAccount): { path: string | RegExp; kind: RequestKind } {
  const [picture] = rome.images.slice(-2)
  const path = {
    authuser: '!authuser',
    albums: '!albums',
    children: '!children',
    'both lists': /!albums|!children/,
    'images page 1': new RegExp(`${rome.key}!images(?!.*start=[2-9])`),
    'images page n': new RegExp(`${rome.key}!images.*start=[2-9]`),
    largestvideo: '!largestvideo',
    download: picture?.key ?? '',
  }[place]
  return { path, kind: place === 'download' ? 'media' : 'api' }
}

async function outcomeOf(backup: Backup): Promise<string> {
  try {
    return told(await backup.run({ full: true, mirror: { percent: 100 } }))
  } catch (error) {
    if (!(error instanceof SmugdlError)) throw error
    const code = { auth: 3, unreachable: 5 }[error.kind as string]
    if (code === undefined) throw error
    return `run ends, ${code}`
  }
}

function told({ failed, removed }: RunSummary): string {
  if (removed !== 0) throw new Error('something was moved to the trash')
  if (failed.length === 0) return 'healed'
  return `${failed.map(({ item }) => item.replace('Travel/', '')).join(', ')}, 1`
}
