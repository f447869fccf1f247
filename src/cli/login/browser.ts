import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Io } from '../io.ts'

/** Whether this computer can open a browser in front of the user. */
export function mayHaveBrowser({ env, platform }: Pick<Io, 'env' | 'platform'>): boolean {
  if (isElsewhere(env)) return false
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Whether the user is at another computer: a browser would open on an unseen screen, and the user's `localhost` is not this computer. */
export function isElsewhere(env: Io['env']): boolean {
  return Boolean(env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY)
}

/**
 * Opens a page in the user's browser, and returns whether that seems to have worked. No shell is involved, so nothing in the address can be
 * run as a command. Our own variables are removed from the browser's environment, because they may contain secrets.
 */
export async function openBrowser(url: string, { env, platform }: Pick<Io, 'env' | 'platform'>): Promise<boolean> {
  const [command, args] = opener(platform, env)
  const foreign = Object.entries(env).filter(([name]) => !name.startsWith('SMUGDL_'))
  let child: ChildProcess
  try {
    child = spawn(command, [...args, url], {
      env: Object.fromEntries(foreign),
      stdio: 'ignore',
      detached: true,
      windowsHide: true,
    })
    child.unref()
    await once(child, 'spawn')
  } catch {
    return false
  }
  // Openers that fail do so at once; some that succeed stay as long as the browser does.
  const failed = once(child, 'exit').then(([code]) => code !== 0)
  return !(await Promise.race([failed, delay(PATIENCE_MS, false)]))
}

const PATIENCE_MS = 2_000

function opener(platform: NodeJS.Platform, env: Io['env']): [command: string, args: string[]] {
  if (platform === 'darwin') return ['open', []]
  if (platform === 'win32')
    return [`${env.SystemRoot ?? 'C:\\Windows'}\\System32\\rundll32.exe`, ['url.dll,FileProtocolHandler']]
  return ['xdg-open', []]
}
