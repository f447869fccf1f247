import type { Statements } from './connection.ts'
import { integer, optionalInteger, orNull, text } from './row.ts'

export interface Accepted {
  /** Of an image or an album. */
  key: string
  reason: string
  acceptedAt: number
  /** For an album that lists fewer images than it announces: the number of missing images that was accepted; no other failure of the album is. */
  short?: number
}

/** Items whose absence the user accepted (`smugdl accept`). */
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
    /** The user's reason for accepting the item itself, whatever is wrong with it; undefined if it is not accepted. */
    reason(key: string): string | undefined {
      const row = one.get(key)
      return row && text(row, 'reason')
    },
    /** The user's reason for accepting that this many images of an album are missing; undefined if more are missing. */
    shortReason(album: string, short: number): string | undefined {
      const row = missing.get(album)
      return row && short <= integer(row, 'short') ? text(row, 'reason') : undefined
    },
    put({ key, reason, acceptedAt, short }: Accepted): void {
      insert.run(key, reason, acceptedAt, orNull(short))
    },
    /** Returns whether it was accepted before. */
    remove(key: string): boolean {
      return remove.run(key).changes === 1
    },
  }
}
