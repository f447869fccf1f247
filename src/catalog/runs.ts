import type { Statements } from './connection.ts'
import { integer, type Json, json, optionalInteger, optionalText, orNull, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'

/** `stopped`: on purpose, when its time was over. */
export type RunEnd = 'finished' | 'interrupted' | 'stopped' | 'failed'

export interface RunRow {
  id: number
  startedAt: number
  endedAt: number | undefined
  /** Undefined while it runs, and permanently if it was killed. */
  ended: RunEnd | undefined
  version: string
  summary: Json | undefined
}

/** The history of this output's runs; the newest 1,000 are kept. */
export function runTable(db: Statements) {
  const insert = db.prepare('INSERT INTO run (started_at, version) VALUES (?, ?)')
  const prune = db.prepare('DELETE FROM run WHERE id <= ? - 1000')
  const pruneFailures = db.prepare('DELETE FROM run_failure WHERE run <= ? - 1000')
  const end = db.prepare('UPDATE run SET ended_at = ?, ended = ?, summary = ? WHERE id = ?')
  const fail = db.prepare(
    'INSERT INTO run_failure (run, number, failure) VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM run_failure WHERE run = ?), ?)',
  )
  const newest = db.prepare('SELECT * FROM run ORDER BY id DESC LIMIT ?')
  const lastFinished = db.prepare("SELECT * FROM run WHERE ended = 'finished' ORDER BY id DESC LIMIT 1")
  const untold = db.prepare(
    "SELECT 1 FROM run WHERE id = ? AND (ended IS NULL OR ended NOT IN ('finished', 'stopped'))",
  )
  const one = db.prepare('SELECT * FROM run WHERE id = ?')
  const failures = sliced(db, { table: 'run_failure', where: 'run = ?', by: ['number'] })
  return {
    /** The new run's number, counting from 1. */
    begin(startedAt: number, version: string): number {
      const id = Number(insert.run(startedAt, version).lastInsertRowid)
      prune.run(id)
      pruneFailures.run(id)
      return id
    },
    end(id: number, endedAt: number, ended: RunEnd, summary: Json | undefined): void {
      end.run(endedAt, ended, orNull(summary === undefined ? undefined : JSON.stringify(summary)), id)
    },
    addFailure(id: number, failure: Json): void {
      fail.run(id, id, JSON.stringify(failure))
    },
    /** Newest first. */
    newest(count: number): RunRow[] {
      return newest.all(count).map(fromRow)
    },
    /** The newest run that reached its end, whatever its result. */
    lastFinished(): RunRow | undefined {
      const row = lastFinished.get()
      return row && fromRow(row)
    },
    /** Whether the run got as far as reporting what is not safe; runs too old to be kept count as such. */
    hasTold(id: number | undefined): id is number {
      return id !== undefined && untold.get(id) === undefined
    },
    get(id: number): RunRow | undefined {
      const row = one.get(id)
      return row && fromRow(row)
    },
    /** In chronological order; a few in memory at a time (`sliced`). */
    *failures(id: number): Generator<Json> {
      for (const row of failures(id)) yield json(row, 'failure')
    },
  }
}

function fromRow(row: Row): RunRow {
  return {
    id: integer(row, 'id'),
    startedAt: integer(row, 'started_at'),
    endedAt: optionalInteger(row, 'ended_at'),
    ended: optionalText(row, 'ended') as RunEnd | undefined,
    version: text(row, 'version'),
    summary: row.summary === null ? undefined : json(row, 'summary'),
  }
}
