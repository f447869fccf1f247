import type { Stats } from 'node:fs'
import { isSystemError } from '../../disk-error.ts'
import { link, lstatIfThere } from './quick-disk-calls.ts'

/** Undefined where nothing is, nor can be. */
export async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstatIfThere(path)
  } catch (error) {
    if (['ENOTDIR', 'ENAMETOOLONG'].some((code) => isSystemError(error, code))) return undefined
    throw error
  }
}

/** A rename that changes only case meets itself on a file system that ignores case. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([statOf(a), statOf(b)])
  return x !== undefined && y !== undefined && x.ino === y.ino && x.dev === y.dev
}

/** Whether the file has got another name; false where the file system cannot. */
export async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && withoutLinks.has(String(error.code))) return false
    throw error
  }
}

/** What a file system without hard links answers to one. */
export const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES', 'EINVAL'])
