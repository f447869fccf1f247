import type { Objects, Standing } from './objects.ts'

/** Listings that are kept. */
const most = 64

/** What stands in the store, by one list a folder, kept right by what we write ourselves. */
export function folders(objects: Pick<Objects, 'list' | 'head'>) {
  const listed = new Map<string, Promise<Map<string, Standing>>>()

  function listing(folder: string): Promise<Map<string, Standing>> {
    const known = listed.get(folder) ?? objects.list(folder)
    // The one that was asked for last goes last.
    listed.delete(folder)
    listed.set(folder, known)
    known.catch(() => listed.delete(folder))
    const [oldest] = listed.keys()
    if (listed.size > most && oldest !== undefined) listed.delete(oldest)
    return known
  }

  return {
    /** By the folder's list; what that does not have is asked for, as lists may lag. */
    async at(path: string): Promise<Standing | undefined> {
      return (await listing(folderOf(path))).get(path) ?? objects.head(path)
    },
    /** By the list alone. */
    async listedAt(path: string): Promise<Standing | undefined> {
      return (await listing(folderOf(path))).get(path)
    },
    /** Ours: undefined for what is gone. */
    async note(path: string, standing: Standing | undefined): Promise<void> {
      const known = await listed.get(folderOf(path))
      if (standing === undefined) known?.delete(path)
      else known?.set(path, standing)
    },
    /** Somebody else writes there. */
    forget(path: string): void {
      listed.delete(folderOf(path))
    },
  }
}

export type Folders = ReturnType<typeof folders>

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
