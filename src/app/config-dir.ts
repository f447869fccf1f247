import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { Environment } from './environment.ts'
import { pathGiven } from './path-given.ts'
import { variableIn } from './variable.ts'

/**
 * Where configuration, credentials and plugins live: `SMUGDL_CONFIG_DIR`, else the platform's own place. An `XDG_CONFIG_HOME` that is
 * not absolute is ignored, as the XDG Base Directory Specification demands. Throws `usage` for a user without a home folder.
 */
export function configDir(io: Pick<Environment, 'env' | 'platform' | 'cwd'>, home = homeFolder()): string {
  const folder = configDirIfAny(io, home)
  if (folder !== undefined) return folder
  throw new SmugdlError('usage', {
    what: 'This user has no home folder, so there is no place for a login and settings',
    next: 'Name a folder for them with SMUGDL_CONFIG_DIR, or set HOME',
  })
}

/** As `configDir`; undefined for a user without a home folder, as in a container with a number for a user. */
export function configDirIfAny(
  io: Pick<Environment, 'env' | 'platform' | 'cwd'>,
  home = homeFolder(),
): string | undefined {
  const { env, platform } = io
  const path = platform === 'win32' ? win32 : posix
  const named = variableIn(env, 'SMUGDL_CONFIG_DIR')
  if (named !== undefined) return pathGiven(named, io)
  const xdg = variableIn(env, 'XDG_CONFIG_HOME')
  if (platform !== 'win32' && platform !== 'darwin' && xdg !== undefined && path.isAbsolute(xdg))
    return path.join(xdg, 'smugdl')
  const roaming = platform === 'win32' ? variableIn(env, 'APPDATA') : undefined
  if (roaming !== undefined) return path.join(roaming, 'smugdl')
  if (!home) return undefined
  if (platform === 'win32') return path.join(home, 'AppData', 'Roaming', 'smugdl')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'smugdl')
  return path.join(home, '.config', 'smugdl')
}

/** Undefined where neither the environment nor the system knows one: libuv then throws what no other call does. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined
  } catch {
    return undefined
  }
}
