import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import { isSystemError } from '../../disk-error.ts'
import { isOurs } from './inventory.ts'

interface Parts {
  catalog: Catalog
  /** When aborted, the search ends. */
  draining: AbortSignal
  /** Called with the path of each, relative to the output. */
  onUnknown(path: string): void
}

export interface Strangers {
  /** Number of files in the output that are not ours. */
  unknown: number
  /** Folders in the output whose entries cannot be read, and so not counted as `unknown`; relative to it. */
  closedFolders: string[]
}

/** Counts and reports the files under the output that none of these exporters made. A folder that cannot be read is skipped. */
export async function lookForStrangers(
  output: string,
  exporters: readonly string[],
  { catalog, draining, onUnknown }: Parts,
): Promise<Strangers> {
  let unknown = 0
  const closedFolders: string[] = []
  const visit = async (folder: string): Promise<void> => {
    try {
      for await (const entry of await opendir(join(output, folder), { bufferSize: 256 })) {
        if (draining.aborted) return
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        if (path === '.smugdl') continue
        if (entry.isDirectory()) await visit(path)
        // A file system may give names back decomposed.
        else if (!isOurs(path, exporters, catalog) && !isOurs(path.normalize('NFC'), exporters, catalog)) {
          unknown += 1
          onUnknown(path)
        }
      }
    } catch (error) {
      if (!isSystemError(error)) throw error
      closedFolders.push(folder || '.')
    }
  }
  await visit('')
  return { unknown, closedFolders }
}
