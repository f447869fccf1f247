import { hashesOf } from '../files/hash.ts'
import type { StagedFile } from '../files/staged-file.ts'
import type { Driver } from './driver.ts'

/** Whether a staged file is still as verified. Only a plugin with permission to write elsewhere could have changed it. */
export async function isIntact(file: StagedFile, had: Driver): Promise<boolean> {
  if (had.installed.trusted) return true
  const { size, sha256 } = await hashesOf(file.path)
  return size === file.size && sha256 === file.sha256
}
