import type { Catalog } from '../../catalog/catalog.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import type { AlbumName } from '../account/album-filter.ts'
import { albumFor } from '../account/describe.ts'

/** All albums that are or were on SmugMug, by path, folder by folder. */
export function albumsIn(
  catalog: Catalog,
  folders: ReadonlyMap<string, FolderRow>,
): (AlbumName & { key: string; gone: boolean })[] {
  const albums = Array.from(catalog.albums.all(), (row) => {
    const { path, name } = albumFor(row, folders)
    const gone = row.goneAt !== undefined
    return { key: row.key, path, name, gone }
  })
  const order = new Intl.Collator('en', { numeric: true })
  const byNames = (a: readonly string[], b: readonly string[]) => {
    for (const [index, name] of a.entries()) {
      const difference = order.compare(name, b[index] ?? '')
      if (difference !== 0) return difference
    }
    return a.length - b.length
  }
  return albums.sort((a, b) => byNames([...a.path, a.name], [...b.path, b.name]) || (a.key < b.key ? -1 : 1))
}
