import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isSystemError } from '../disk-error.ts'

/**
 * Creates a folder and its parents. (Node 26's recursive `mkdirSync` never ends if the system reports ENOENT below an existing folder,
 * as in /proc, and takes EROFS and EIO for ENOENT.)
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (isFolder(path)) return
    const isParentMissing = isSystemError(error, 'ENOENT') && !isFolder(dirname(path))
    if (!isParentMissing || dirname(path) === path) throw error
    makeFolder(dirname(path))
    makeFolder(path)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
