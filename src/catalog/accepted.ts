import type { Statements } from './connection.ts'
import { integer, optionalInteger, orNull, text } from './row.ts'

export interface Accepted {
  /** Of an image or an album. */
  key: string
  reason: string
  acceptedAt: number
  /** Of an album that lists fewer images than it announces: that this many are missing, and nothing else that may fail of it. */
  short?: number
}

/** Items that the user decided to live without (`smugdl accept`). */
export function acceptedTable(db: Statements) {
  const select = db.prepare('SELECT * FROM accepted ORDER BY key')
  const one = db.prepare('SELECT reason FROM accepted WHERE key = ? AND short IS NULL')
  const missing = db.prepare('SELECT reason, short FROM accepted WHERE key = ? AND short IS NOT NULL')
  const insert = db.prepare('INSERT OR REPLACE INTO accepted (key, reason, accepted_at, short) VALUES (?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM accepted WHERE key = ?')
  return {
    all(): Accepted[] {
      return select.all().map((row) => {
        const short = optionalInteger(row, 'short')
        return {
          key: text(row, 'key'),
          reason: text(row, 'reason'),
          acceptedAt: integer(row, 'accepted_at'),
          ...(short !== undefined && { short }),
        }
      })
    },
    /** Why the user lives without the item itself, whatever is wrong with it. */
    reason(key: string): string | undefined {
      const row = one.get(key)
      return row && text(row, 'reason')
    },
    /** Why the user lives with an album that is short of this many images; undefined where it is short of more. */
    shortReason(album: string, short: number): string | undefined {
      const row = missing.get(album)
      return row && short <= integer(row, 'short') ? text(row, 'reason') : undefined
    },
    put({ key, reason, acceptedAt, short }: Accepted): void {
      insert.run(key, reason, acceptedAt, orNull(short))
    },
    /** Whether it was there. */
    remove(key: string): boolean {
      return remove.run(key).changes === 1
    },
  }
}
