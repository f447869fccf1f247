import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError } from '../../disk-error.ts'

/** Whether there is anything but folders in an output, at any depth, our own state aside. What cannot be looked into may hold something. */
export async function holdsFiles(output: string, folder = ''): Promise<boolean> {
  try {
    for await (const entry of await opendir(join(output, folder))) {
      if (folder === '' && entry.name === '.smugdl') continue
      if (!entry.isDirectory() || (await holdsFiles(output, join(folder, entry.name)))) return true
    }
    return false
  } catch (error) {
    return !isSystemError(error, 'ENOENT')
  }
}
