import type { Statements } from './connection.ts'
import { text } from './row.ts'

/** Which albums are finished for which exporter: every image was processed, and failures are recorded. */
export function completeTable(db: Statements) {
  const select = db.prepare('SELECT described FROM complete WHERE exporter = ? AND album = ?')
  const upsert = db.prepare('INSERT OR REPLACE INTO complete (exporter, album, described) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM complete WHERE album = ?')
  return {
    /** Digest of the album as the exporter had it when it finished; undefined while anything is left to do. */
    described(exporter: string, album: string): string | undefined {
      const row = select.get(exporter, album)
      return row && text(row, 'described')
    },
    put(exporter: string, album: string, described: string): void {
      upsert.run(exporter, album, described)
    },
    /** Marks the album as unfinished for every exporter. */
    clear(album: string): void {
      remove.run(album)
    },
  }
}
