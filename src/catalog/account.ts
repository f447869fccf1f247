import type { Statements } from './connection.ts'
import { type JsonRecord, json, optionalInteger, orNull, type Row, text } from './row.ts'

export interface AccountRow {
  /** NodeID of the root folder: stays when the nickname changes. */
  root: string
  nickName: string
  name: string
  raw: JsonRecord
  /** When the folder tree was last read. */
  treeWalkedAt: number | undefined
}

/** The one account that this output belongs to. */
export function accountTable(db: Statements) {
  const select = db.prepare('SELECT * FROM account')
  const upsert = db.prepare(
    `INSERT INTO account (only, root, nickname, name, raw, tree_walked_at) VALUES (1, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET root = excluded.root, nickname = excluded.nickname, name = excluded.name, raw = excluded.raw, tree_walked_at = excluded.tree_walked_at`,
  )
  return {
    get(): AccountRow | undefined {
      const row = select.get()
      return row && fromRow(row)
    },
    put(account: AccountRow): void {
      upsert.run(
        account.root,
        account.nickName,
        account.name,
        JSON.stringify(account.raw),
        orNull(account.treeWalkedAt),
      )
    },
  }
}

function fromRow(row: Row): AccountRow {
  return {
    root: text(row, 'root'),
    nickName: text(row, 'nickname'),
    name: text(row, 'name'),
    raw: json(row, 'raw'),
    treeWalkedAt: optionalInteger(row, 'tree_walked_at'),
  }
}
