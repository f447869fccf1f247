import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import type { Io } from './io.ts'

/**
 * Where configuration, credentials and plugins live: `SMUGDL_CONFIG_DIR`, else the platform's own place. An `XDG_CONFIG_HOME` that is
 * not absolute is ignored, as the XDG Base Directory Specification demands.
 */
export function configDir({ env, platform, cwd }: Pick<Io, 'env' | 'platform' | 'cwd'>, home = homedir()): string {
  const path = platform === 'win32' ? win32 : posix
  if (env.SMUGDL_CONFIG_DIR) return path.resolve(cwd, env.SMUGDL_CONFIG_DIR)
  if (platform === 'win32') return path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), 'smugdl')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'smugdl')
  const xdg = env.XDG_CONFIG_HOME
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.config'), 'smugdl')
}
