import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Io } from '../io.ts'

/** Is there a browser in front of the user that this computer could open? */
export function mayHaveBrowser({ env, platform }: Pick<Io, 'env' | 'platform'>): boolean {
  if (isElsewhere(env)) return false
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Whether the user sits at another computer: a browser would open on a screen that nobody sees, and `localhost` is not here. */
export function isElsewhere(env: Io['env']): boolean {
  return Boolean(env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY)
}

/**
 * Opens a page in the user's browser, and says whether that seems to have worked. No shell takes part, so nothing in the address is
 * ever read as a command, and our own variables stay out of the browser's environment: they may hold secrets.
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
