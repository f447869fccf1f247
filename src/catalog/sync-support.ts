import { closeSync, fsyncSync, openSync } from 'node:fs'
import { isUnsupported } from '../disk-error.ts'
import { removeFile } from './remove-file.ts'

/**
 * Whether the disk supports `fsync`; some network disks refuse, which SQLite takes for a broken disk. Any other failure is left for SQLite
 * to report.
 */
export function takesSync(path: string): boolean {
  const probe = `${path}.probe`
  try {
    removeFile(probe)
    const file = openSync(probe, 'wx')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
      removeFile(probe)
    }
    return true
  } catch (error) {
    return !isUnsupported(error)
  }
}
