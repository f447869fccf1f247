import type { Statements } from './connection.ts'
import { integer, text } from './row.ts'

export interface Accepted {
  /** Of an image or an album. */
  key: string
  reason: string
  acceptedAt: number
}

/** Items that the person decided to live without (`smugdl accept`). */
export function acceptedTable(db: Statements) {
  const select = db.prepare('SELECT * FROM accepted ORDER BY key')
  const one = db.prepare('SELECT reason FROM accepted WHERE key = ?')
  const insert = db.prepare('INSERT OR REPLACE INTO accepted (key, reason, accepted_at) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM accepted WHERE key = ?')
  return {
    all(): Accepted[] {
      return select
        .all()
        .map((row) => ({ key: text(row, 'key'), reason: text(row, 'reason'), acceptedAt: integer(row, 'accepted_at') }))
    },
    reason(key: string): string | undefined {
      const row = one.get(key)
      return row && text(row, 'reason')
    },
    put({ key, reason, acceptedAt }: Accepted): void {
      insert.run(key, reason, acceptedAt)
    },
    /** Whether it was there. */
    remove(key: string): boolean {
      return remove.run(key).changes === 1
    },
  }
}
