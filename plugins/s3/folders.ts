import type { Objects, Standing } from './objects.ts'

/** Maximum number of cached listings. */
const most = 64

/** The objects in the store, by one listing per folder, updated with our own writes. */
export function folders(objects: Pick<Objects, 'list' | 'head'>) {
  const listed = new Map<string, Promise<Map<string, Standing>>>()

  function listing(folder: string): Promise<Map<string, Standing>> {
    const known = listed.get(folder) ?? objects.list(folder)
    // Most recently used last.
    listed.delete(folder)
    listed.set(folder, known)
    known.catch(() => listed.delete(folder))
    const [oldest] = listed.keys()
    if (listed.size > most && oldest !== undefined) listed.delete(oldest)
    return known
  }

  return {
    /** Looks in the folder's listing; if absent there, requests the object itself, because listings may lag. */
    async at(path: string): Promise<Standing | undefined> {
      return (await listing(folderOf(path))).get(path) ?? objects.head(path)
    },
    /** Looks in the listing only. */
    async listedAt(path: string): Promise<Standing | undefined> {
      return (await listing(folderOf(path))).get(path)
    },
    /** Records our own write; undefined for a removed object. */
    async note(path: string, standing: Standing | undefined): Promise<void> {
      const known = await listed.get(folderOf(path))
      if (standing === undefined) known?.delete(path)
      else known?.set(path, standing)
    },
    /** Discards the listing, because another program writes there. */
    forget(path: string): void {
      listed.delete(folderOf(path))
    },
  }
}

export type Folders = ReturnType<typeof folders>

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
