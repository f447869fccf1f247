import type { ListedAlbum } from '../../src/exporter/index.ts'
import { type FolderRecord, folderRecord } from './records.ts'

/** The folders around the albums, each once, before those in it. */
export async function* foldersOf(albums: AsyncIterable<ListedAlbum>): AsyncGenerator<FolderRecord> {
  const seen = new Set<string>()
  for await (const { album } of albums) {
    for (const [depth, folder] of album.folders.entries()) {
      if (seen.has(folder.id)) continue
      seen.add(folder.id)
      yield folderRecord(folder, album.path.slice(0, depth + 1))
    }
  }
}
