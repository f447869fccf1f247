import { isAbsolute, relative, resolve } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { Environment } from './environment.ts'

/**
 * The absolute path of what a user named; the current folder is asked for only where the path depends on it. Throws `usage` for a `~` that
 * no shell has expanded: within quotes and in a file of variables it would become a folder of that name. So would a path of Windows elsewhere.
 */
export function pathGiven(path: string, io: Pick<Environment, 'cwd' | 'env' | 'platform'>): string {
  if (/^~(?:$|[\\/])/.test(path))
    throw new SmugdlError('usage', {
      what: 'The ~ in this path was not expanded by a shell',
      item: path,
      next: `Write the whole path, such as ${homeIn(io.env)}${path.slice(1)}; a folder that is called ~ is ./~`,
    })
  if (io.platform !== 'win32' && /^[a-z]:[\\/]/i.test(path))
    throw new SmugdlError('usage', {
      what: 'This is a Windows path, but smugdl runs on another system here',
      item: path,
      next: `Write a path such as ${homeIn(io.env)}/photos; a folder of that name is ./${path}`,
    })
  return isAbsolute(path) ? resolve(path) : resolve(io.cwd, path)
}

/** A path as it is shortest from the current folder, where that is still there. */
export function pathShown(path: string, io: Pick<Environment, 'cwd'>): string {
  try {
    return relative(io.cwd, path) || path
  } catch {
    return path
  }
}

function homeIn({ HOME: home }: Environment['env']): string {
  return home !== undefined && isAbsolute(home) ? home : '/home/you'
}
