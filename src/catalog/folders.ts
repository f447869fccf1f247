import type { Statements } from './connection.ts'
import { type JsonRecord, json, optionalText, orNull, type Row, text } from './row.ts'

export interface FolderRow {
  /** NodeID. */
  id: string
  /** NodeID of the folder around it; undefined at the root. */
  parent: string | undefined
  name: string
  urlName: string
  urlPath: string
  /** Its name on disk, given once. */
  directoryName: string
  raw: JsonRecord
}

/** The folder tree as last walked; a few hundred bytes each. */
export function folderTable(db: Statements) {
  const select = db.prepare('SELECT * FROM folder ORDER BY url_path, id')
  const clear = db.prepare('DELETE FROM folder')
  const insert = db.prepare(
    'INSERT INTO folder (id, parent, name, url_name, url_path, directory_name, raw) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    all(): FolderRow[] {
      return select.all().map(fromRow)
    },
    /** Must be called within a transaction. */
    replaceAll(folders: Iterable<FolderRow>): void {
      clear.run()
      for (const f of folders) {
        insert.run(f.id, orNull(f.parent), f.name, f.urlName, f.urlPath, f.directoryName, JSON.stringify(f.raw))
      }
    },
  }
}

function fromRow(row: Row): FolderRow {
  return {
    id: text(row, 'id'),
    parent: optionalText(row, 'parent'),
    name: text(row, 'name'),
    urlName: text(row, 'url_name'),
    urlPath: text(row, 'url_path'),
    directoryName: text(row, 'directory_name'),
    raw: json(row, 'raw'),
  }
}
