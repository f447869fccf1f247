import { isAbsolute, relative, resolve } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { Environment } from './environment.ts'

/**
 * The absolute path of what a user named; the current folder is asked for only where the path depends on it. Throws `usage` for a `~` that
 * no shell has expanded: within quotes and in a file of variables it would become a folder of that name.
 */
export function pathGiven(path: string, io: Pick<Environment, 'cwd' | 'env'>): string {
  if (/^~(?:$|[\\/])/.test(path))
    throw new SmugdlError('usage', {
      what: 'No shell has expanded the ~ of this path',
      item: path,
      next: `Write the whole path, such as ${homeIn(io.env)}${path.slice(1)}; a folder that is called ~ is ./~`,
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
