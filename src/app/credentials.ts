import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { Credentials } from '../smugmug/connect.ts'
import { HttpError } from '../smugmug/transport/http-error.ts'
import { apiOrigin } from './api-origin.ts'
import { configDir } from './config-dir.ts'
import type { Environment } from './environment.ts'
import { tryPrivate, writePrivate } from './private-file.ts'
import { secretText } from './secret-text.ts'
import { variableIn } from './variable.ts'

/** The application's half: enough to log in. */
export type ApiKey = Pick<Credentials, 'apiKey' | 'apiSecret'>

export interface StoredCredentials {
  credentials: Credentials
  /** The only origin that they may be sent to. */
  origin: string
  /** Whence they come: the environment, or this file. */
  from: 'environment' | (string & {})
}

/** There is no login, neither in the environment nor in a file. */
export class NotLoggedIn extends SmugdlError {
  constructor() {
    super('auth', { what: 'Nobody is logged in', next: 'Run smugdl login. Or see it work first: smugdl demo' })
  }
}

/**
 * The login for the configured origin: four variables of the environment, else the file that `login` wrote.
 * Throws `NotLoggedIn` if there is none, `auth` if it is another's, `usage` if what is there cannot be used.
 */
export async function loadCredentials(io: Environment): Promise<StoredCredentials> {
  const origin = apiOrigin(io)
  const given = fromEnvironment(io.env)
  if (given !== undefined && 'accessToken' in given) return { credentials: given, origin, from: 'environment' }
  const path = credentialsPath(io)
  const stored = await readStored(path, io.platform)
  if (stored === undefined) throw new NotLoggedIn()
  if (stored.origin !== origin)
    throw new SmugdlError('auth', {
      what: `The login is for ${stored.origin} and is not sent to ${origin}`,
      next: `Correct SMUGDL_API_ORIGIN, or run smugdl login`,
    })
  if (given !== undefined && given.apiKey !== stored.credentials.apiKey)
    throw new SmugdlError('auth', {
      what: 'The login belongs to another API key than the one in SMUGDL_API_KEY',
      next: 'Unset it, or run smugdl login',
    })
  return { credentials: stored.credentials, origin, from: path }
}

/** The API key that is known already, from the environment or an earlier login for this origin. */
export async function knownApiKey(io: Environment): Promise<(ApiKey & { from: 'environment' | 'file' }) | undefined> {
  const given = fromEnvironment(io.env)
  if (given !== undefined) return { apiKey: given.apiKey, apiSecret: given.apiSecret, from: 'environment' }
  // A file that cannot be used is about to be replaced; it is no reason not to log in.
  const stored = await readStored(credentialsPath(io), io.platform).catch(() => undefined)
  if (stored?.origin !== apiOrigin(io)) return undefined
  const { apiKey, apiSecret } = stored.credentials
  return { apiKey, apiSecret, from: 'file' }
}

/** Writes the login for the configured origin, readable by its owner only; returns the file's path. After a crash there is the old file or the new one. */
export async function storeCredentials(credentials: Credentials, io: Environment): Promise<string> {
  const path = credentialsPath(io)
  try {
    await writePrivate(
      path,
      `${JSON.stringify({ origin: apiOrigin(io), ...credentials }, null, 2)}\n`,
      keepsModes(path, io),
    )
  } catch (cause) {
    throw cause instanceof SmugdlError ? cause : unwritable(path, cause)
  }
  return path
}

function unwritable(path: string, cause: unknown): SmugdlError {
  return new SmugdlError('usage', {
    what: 'The login cannot be written',
    item: path,
    next: 'Make the folder writable, or choose another one with SMUGDL_CONFIG_DIR',
    cause,
  })
}

/**
 * Whether a login can be kept where `storeCredentials` would put it, tried with an empty file: to be known before anybody logs in. Throws
 * `usage` where it cannot, or where others could read it.
 */
export async function tryCredentialsFolder(io: Environment): Promise<void> {
  const path = credentialsPath(io)
  try {
    await tryPrivate(path, keepsModes(path, io))
  } catch (cause) {
    throw cause instanceof SmugdlError ? cause : unwritable(path, cause)
  }
}

/** Removes the login from this computer. Returns the path of what was removed, undefined if there was nothing. */
export async function forgetCredentials(io: Environment): Promise<string | undefined> {
  const path = credentialsPath(io)
  try {
    await rm(path)
    return path
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new SmugdlError('usage', {
      what: 'The login cannot be removed',
      item: path,
      next: 'Remove the file yourself',
      cause,
    })
  }
}

/** A refusal as it is for a login in the environment: no `smugdl login` changes what the variables say. Other errors as they are. */
export function ofEnvironment(error: unknown, env: Environment['env']): unknown {
  if (!(error instanceof HttpError) || variablesSet(env).length < Object.keys(variables).length) return error
  const refusal = refusals.find(([problem]) => error.problem?.startsWith(problem))
  if (refusal === undefined) return error
  const [, what, next] = refusal
  return new SmugdlError('auth', { what, next, cause: error })
}

/** The variables that hold a login or a part of it, those that are set. */
export function variablesSet(env: Environment['env']): string[] {
  return Object.values(variables).filter((name) => variableIn(env, name) !== undefined)
}

const variables = {
  apiKey: 'SMUGDL_API_KEY',
  apiSecret: 'SMUGDL_API_SECRET',
  accessToken: 'SMUGDL_ACCESS_TOKEN',
  accessTokenSecret: 'SMUGDL_ACCESS_TOKEN_SECRET',
} as const satisfies Record<keyof Credentials, string>

const refusals: readonly (readonly [problem: string, what: string, next: string])[] = [
  [
    'token_',
    `The token in ${variables.accessToken} is not, or no longer, valid`,
    'On SmugMug, Account Settings → Privacy → Authorized Services shows token and secret of an application that may',
  ],
  [
    'signature_',
    `A secret in the environment does not belong to its key: ${variables.apiSecret} or ${variables.accessTokenSecret}`,
    'Copy both from SmugMug again',
  ],
  ['consumer_key_', `SmugMug does not accept the API key in ${variables.apiKey}`, 'Copy it from SmugMug again'],
]

function fromEnvironment(env: Environment['env']): Credentials | ApiKey | undefined {
  const set = variablesSet(env)
  if (set.length === 0) return undefined
  const apiKey = valueIn(env, variables.apiKey)
  const apiSecret = valueIn(env, variables.apiSecret)
  const accessToken = valueIn(env, variables.accessToken)
  const accessTokenSecret = valueIn(env, variables.accessTokenSecret)
  if (set.length === 4) return { apiKey, apiSecret, accessToken, accessTokenSecret }
  if (set.length === 2 && apiKey !== '' && apiSecret !== '') return { apiKey, apiSecret }
  const missing = Object.values(variables).filter((name) => !set.includes(name))
  throw new SmugdlError('usage', {
    what: `A login in the environment needs four variables, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    next: `Set all four, or only ${variables.apiKey} and ${variables.apiSecret} for smugdl login, or none`,
  })
}

function valueIn(env: Environment['env'], name: string): string {
  return secretText(env[name] ?? '', name)
}

function credentialsPath(io: Environment): string {
  return join(configDir(io), 'credentials.json')
}

async function readStored(
  path: string,
  platform: NodeJS.Platform,
): Promise<Omit<StoredCredentials, 'from'> | undefined> {
  try {
    // A pipe would wait for ever for somebody to write.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    if (!(await file.stat()).isFile())
      throw new SmugdlError('usage', {
        what: 'The login is not a file',
        item: path,
        next: 'Move away what is there, and run smugdl login',
      })
    const mode = await modeForOthers(file, platform)
    if (mode !== undefined)
      throw new SmugdlError('usage', {
        what: `Others on this computer may read the login (mode ${mode})`,
        item: path,
        next: `Run: chmod 600 '${path.replaceAll("'", "'\\''")}'. Where that changes nothing, the disk keeps no modes: choose a folder on another disk with SMUGDL_CONFIG_DIR`,
      })
    return storedFrom(await file.readFile('utf8'), path)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    if (cause instanceof SmugdlError) throw cause
    throw new SmugdlError('usage', { what: 'The login cannot be read', item: path, next: 'Run smugdl login', cause })
  }
}

function storedFrom(text: string, path: string): Omit<StoredCredentials, 'from'> {
  const fields = recordIn(text)
  const { origin, apiKey, apiSecret, accessToken, accessTokenSecret } = fields
  if (isText(origin) && isText(apiKey) && isText(apiSecret) && isText(accessToken) && isText(accessTokenSecret))
    return { origin, credentials: { apiKey, apiSecret, accessToken, accessTokenSecret } }
  throw new SmugdlError('usage', {
    what: 'The file contains no login that can be read',
    item: path,
    next: 'Run smugdl login',
  })
}

/** No part of the text may come into an error, as `JSON.parse` would bring it: it holds secrets. */
function recordIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Nothing is written where others could read it: FAT, some network disks and Windows' disks in WSL keep no modes. */
function keepsModes(path: string, { platform }: Environment) {
  return async (file: FileHandle): Promise<void> => {
    const mode = await modeForOthers(file, platform)
    if (mode === undefined) return
    throw new SmugdlError('usage', {
      what: `The disk of this folder keeps no file modes: others on this computer could read the login (mode ${mode})`,
      item: dirname(path),
      next: elsewhere,
    })
  }
}

const elsewhere = `Choose a folder on another disk with SMUGDL_CONFIG_DIR, or keep the login in the variables ${Object.values(variables).join(', ')}`

/** The file's mode in octal where others may read it. On the open file: what is checked is what is read. Windows has no such modes; there the profile's folder protects. */
async function modeForOthers(file: FileHandle, platform: NodeJS.Platform): Promise<string | undefined> {
  const { mode } = await file.stat()
  return platform === 'win32' || (mode & 0o077) === 0 ? undefined : (mode & 0o777).toString(8).padStart(4, '0')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
