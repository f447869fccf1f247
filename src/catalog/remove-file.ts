import { unlinkSync } from 'node:fs'
import { isSystemError } from '../disk-error.ts'

/** Removes a file that may be gone already. (Node 26's `rmSync` does so too, but gives every error of the disk an empty code.) */
export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error
  }
}
