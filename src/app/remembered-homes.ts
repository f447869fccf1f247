import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import * as v from 'valibot'
import type { RunEvent } from '../engine/events.ts'
import { SmugdlError } from '../error.ts'
import type { Credentials } from '../smugmug/connect.ts'
import { apiOrigin } from './api-origin.ts'
import { configDirIfAny } from './config-dir.ts'
import { loadCredentials } from './credentials.ts'
import { defaults } from './defaults.ts'
import type { Environment, Surroundings } from './environment.ts'
import type { LoggedIn } from './logged-in.ts'
import { hasHome } from './output.ts'
import { pathGiven } from './path-given.ts'
import { writePrivate } from './private-file.ts'

const Remembered = v.object({
  homes: v.array(
    v.object({
      /** Of the API: a simulator's account is not the one of this name on SmugMug. */
      origin: v.string(),
      /** Nickname. */
      account: v.string(),
      /** Absolute. */
      path: v.string(),
      /** Milliseconds since 1970. */
      usedAt: v.number(),
    }),
  ),
  /** Whose each login is, by its fingerprint: known without asking SmugMug. */
  logins: v.record(v.string(), v.string()),
})
type Remembered = v.InferOutput<typeof Remembered>

/** Where a command works. */
export interface ChosenHome {
  /** Absolute. */
  readonly output: string
  /** Nobody named it, and it is not here: where the account was brought last time. Users are informed. */
  readonly isRemembered: boolean
}

/**
 * Where a command works: the output that is named; else the home that the user stands in, `smugmug_photos` here where that is one, or the home
 * that was used last. `account` asks whose the login is, where no run has recorded it; without it, and where it throws, the home that was used last
 * by anybody will do: a run refuses the home of another account.
 */
export async function chosenHome(
  named: string | undefined,
  { environment }: Pick<Surroundings, 'environment'>,
  account: () => Promise<string | undefined> = async () => undefined,
): Promise<ChosenHome> {
  if (named !== undefined) return { output: pathGiven(named, environment), isRemembered: false }
  const here = homeAround(environment.cwd)
  if (here !== undefined) return { output: here, isRemembered: false }
  const usual = pathGiven(defaults.output, environment)
  if (hasHome(usual)) return { output: usual, isRemembered: false }
  const [last] = await homesOf(environment, account)
  return last === undefined ? { output: usual, isRemembered: false } : { output: last, isRemembered: true }
}

/** As `chosenHome`, and says so where nobody named it: for commands that look at a home. */
export async function homeToRead(
  named: string | undefined,
  use: Pick<Surroundings, 'environment' | 'events'>,
): Promise<string> {
  const { output, isRemembered } = await chosenHome(named, use)
  if (isRemembered) use.events({ type: 'notice', text: `In ${output}, the home used last (-o names another).` })
  return output
}

/** Says it where nobody named it: for commands that bring something there. */
export function reportHome({ output, isRemembered }: ChosenHome, use: Pick<Surroundings, 'events'>): void {
  if (isRemembered) use.events({ type: 'notice', text: `Into ${output}, as last time (-o puts it elsewhere).` })
}

/** Throws `destination` for a home of last time that is not there now: a whole account is not brought to another place by itself. */
export function requireRemembered({ output, isRemembered }: ChosenHome): void {
  if (!isRemembered || hasHome(output)) return
  throw new SmugdlError('destination', {
    what: 'The home used last is not there',
    item: output,
    next: 'Connect its disk and run again; to begin another home, name its folder with -o',
  })
}

/** The homes of the logged-in account, the one used last first; all homes if the account is unknown. Absolute paths. */
export async function homesOf(
  environment: Environment,
  account: () => Promise<string | undefined> = async () => undefined,
): Promise<string[]> {
  const remembered = await readRemembered(environment)
  const origin = apiOrigin(environment)
  const homes = remembered.homes.filter((home) => home.origin === origin).toSorted((a, b) => b.usedAt - a.usedAt)
  if (homes.length === 0) return []
  const whose = (await nameOfLogin(environment)) ?? (await account().catch(() => undefined))
  return homes.filter((home) => whose === undefined || home.account === whose).map(({ path }) => path)
}

/** The nickname of the logged-in account, if a run has recorded it; makes no request. */
export async function nameOfLogin(environment: Environment): Promise<string | undefined> {
  const login = await loadCredentials(environment).catch(() => undefined)
  return login && (await readRemembered(environment)).logins[fingerprintOf(login.credentials)]
}

/**
 * Hears where a run begins to bring something, and remembers that home for the account: at once where somebody was asked for it (`isAnswered`),
 * else when the run has albums. Where nothing can be written, nothing is remembered.
 */
export function remembering(
  { credentials }: LoggedIn,
  use: Surroundings<RunEvent>,
  isAnswered = false,
): Surroundings<RunEvent> & AsyncDisposable {
  let started: (RunEvent & { type: 'run.started' }) | undefined
  let written: Promise<void> | undefined
  return {
    ...use,
    events(event) {
      if (event.type === 'run.started' && !event.dryRun) started = event
      // Until then it may turn out that nothing is meant by what was asked for; whoever stops it before has said where home is.
      const isMeant =
        event.type === 'albums.chosen' || event.type === 'run.stopped' || (isAnswered && event.type === 'run.started')
      if (isMeant && started !== undefined) written = remember(started.account.nickName, started.output).catch(() => {})
      use.events(event)
    },
    [Symbol.asyncDispose]: async () => await written,
  }

  async function remember(account: string, path: string): Promise<void> {
    const { environment, now } = use
    const folder = configDirIfAny(environment)
    if (folder === undefined) return
    const { homes, logins } = await readRemembered(environment)
    const origin = apiOrigin(environment)
    const others = homes.filter((home) => home.path !== path)
    const all: Remembered = {
      homes: [{ origin, account, path, usedAt: now() }, ...others],
      logins: { ...logins, [fingerprintOf(credentials)]: account },
    }
    await writePrivate(join(folder, fileName), `${JSON.stringify(all, null, 2)}\n`)
  }
}

const fileName = 'homes.json'

/** A convenience: a file that cannot be read, or that is nothing of ours, holds nothing. */
async function readRemembered(environment: Environment): Promise<Remembered> {
  const folder = configDirIfAny(environment)
  const nothing = { homes: [], logins: {} }
  if (folder === undefined) return nothing
  try {
    return v.parse(Remembered, JSON.parse(await readFile(join(folder, fileName), 'utf8')))
  } catch {
    return nothing
  }
}

/** Distinguishes logins, but cannot be used to log in. */
function fingerprintOf({ apiKey, accessToken }: Credentials): string {
  return createHash('sha256').update(`${apiKey}\n${accessToken}`).digest('hex').slice(0, 16)
}

/** The home that a folder is in, or is. */
function homeAround(folder: string): string | undefined {
  if (hasHome(folder)) return folder
  const around = resolve(dirname(folder))
  return around === folder ? undefined : homeAround(around)
}
