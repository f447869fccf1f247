import { mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunEvent } from '../engine/events.ts'
import { freeBytes } from '../engine/files/free-space.ts'
import { savedTotals } from '../engine/query/saved-totals.ts'
import { SmugdlError } from '../error.ts'
import type { User } from '../smugmug/api/user.ts'
import { homeFolder } from './config-dir.ts'
import { connectAs } from './connection.ts'
import { loadCredentials, NotLoggedIn } from './credentials.ts'
import { defaults } from './defaults.ts'
import { accountOf } from './download.ts'
import type { Environment, Surroundings } from './environment.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { hasHome, openCommitted } from './output.ts'
import { pathGiven } from './path-given.ts'
import { chosenHome } from './remembered-homes.ts'
import { waitsTo } from './run-event-of.ts'

/** What a new user lacks: a login, or else a place for the pictures; undefined for a user who has both. */
export async function lacksForRun(
  options: AccountChoice & { output?: string | undefined },
  use: Surroundings<RunEvent>,
): Promise<'login' | 'home' | undefined> {
  try {
    await loadCredentials(use.environment)
  } catch (error) {
    if (error instanceof NotLoggedIn) return 'login'
    throw error
  }
  if (options.output !== undefined) return undefined
  const home = await chosenHome(undefined, use, () => accountOf(options, use))
  return home.isRemembered || hasHome(home.output) ? undefined : 'home'
}

/** Bytes of pictures that are in a folder already, where it is a home; whose it is the run finds out. */
export async function bytesAtHome(folder: string, use: Pick<Surroundings<RunEvent>, 'events'>): Promise<number> {
  if (!hasHome(folder)) return 0
  try {
    using home = await openCommitted(folder, use)
    return savedTotals(home.catalog).bytes
  } catch {
    // What is wrong with it the run says in full.
    return 0
  }
}

/** Whether the last run is the only one there that came to its end, after others that did not. */
export async function isFirstToFinish(output: string, use: Pick<Surroundings<RunEvent>, 'events'>): Promise<boolean> {
  if (!hasHome(output)) return false
  using home = await openCommitted(output, use)
  const { runs } = home.catalog
  const [last, before] = runs.newest(2)
  if (last?.ended !== 'finished' || before === undefined || before.ended === 'finished') return false
  return runs.newest(1000).filter(({ ended }) => ended === 'finished').length === 1
}

/** What there is to bring home, as SmugMug announces it. */
export interface Overview {
  user: User
  albums: number
  pictures: number
  bytes: number
  /** Of some albums SmugMug does not say how many bytes they have. */
  isAtLeast: boolean
}

/** Asks for the account and for its albums, a request per hundred. */
export async function overviewOf(options: AccountChoice, use: Surroundings<RunEvent>): Promise<Overview> {
  const { credentials, connection } = await loggedIn(options, use)
  const [{ authUser }, { albumsOf }] = await Promise.all([
    import('../smugmug/api/user.ts'),
    import('../smugmug/api/album.ts'),
  ])
  await using smugmug = await connectAs(credentials, connection, { signal: use.signal, onEvent: waitsTo(use) })
  const user = await authUser(smugmug.api)
  const overview = { user, albums: 0, pictures: 0, bytes: 0, isAtLeast: false }
  try {
    for await (const { imageCount = 0, raw } of albumsOf(smugmug.api, user)) {
      const size = Math.max(0, Number(raw.OriginalSizes) || 0)
      overview.albums += 1
      overview.pictures += imageCount
      overview.bytes += size
      overview.isAtLeast ||= imageCount > 0 && size === 0
    }
    return overview
  } catch (error) {
    // The run finds the albums by their folders then.
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    return { ...overview, pictures: Math.max(overview.pictures, user.imageCount ?? 0), isAtLeast: true }
  }
}

/** Where pictures go unless told otherwise. Absolute. */
export function usualHome(environment: Environment): string {
  const home = homeFolder()
  return home === undefined ? pathGiven(defaults.output, environment) : join(home, 'Pictures', 'SmugMug')
}

/**
 * The absolute path of a folder that was typed as an answer, where no shell has read it: with quotes around it or blanks escaped, as when it
 * was dragged into the window, and with `~` for the home folder.
 */
export function pathTyped(answer: string, environment: Environment): string {
  const bare = answer.trim().replace(/^(['"])(.*)\1$/s, '$2')
  // A drive letter is no escape: it is refused as what it is.
  const unescaped = environment.platform === 'win32' || /^[a-z]:\\/i.test(bare) ? bare : bare.replace(/\\(.)/gs, '$1')
  return pathGiven(
    unescaped.replace(/^~(?=$|[\\/])/, () => homeFolder() ?? '~'),
    environment,
  )
}

/** A folder that need not be there yet. */
export interface Place {
  /** Bytes that are free there; undefined where the disk does not say. */
  free: number | undefined
  /** Why nothing can be brought there, a sentence without its full stop. */
  problem?: string
}

export async function lookAtPlace(folder: string): Promise<Place> {
  const there = await stat(folder).catch(() => undefined)
  if (there === undefined && dirname(folder) !== folder) return await lookAtPlace(dirname(folder))
  const free = await freeBytes(folder)
  if (there?.isDirectory() !== true) return { free, problem: `${folder} is not a folder` }
  return (await isWritable(folder)) ? { free } : { free, problem: `Nothing can be written in ${folder}` }
}

/** Tried, not asked: to the root user everything is permitted, also what the disk or the system does not do. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await rmdir(await mkdtemp(join(folder, '.smugdl-try-')))
    return true
  } catch {
    return false
  }
}
