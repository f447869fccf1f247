import { basename, dirname, sep } from 'node:path'
import { SmugdlError } from '../error.ts'
import { asWord } from '../shell-quote.ts'

/** Converts `cause` to a `destination` error if the file, the disk or another program caused it; a mistake of ours stays unchanged. */
export function asSmugdlError(cause: unknown, path: string): unknown {
  const said = isTooLarge(cause) ? broken : sentences[resultCode(cause)]
  if (said === undefined) return cause
  const mended = said === broken ? { next: rebuilding(path) } : {}
  return new SmugdlError('destination', { ...said, ...mended, item: path, cause })
}

/** A number outside of JavaScript's safe range, which smugdl cannot have written. */
function isTooLarge(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_OUT_OF_RANGE'
}

/** A table is missing or malformed; since every catalog of ours has it, another program changed it. */
export function isForeign(cause: unknown): boolean {
  const isMissing = /^no such (table|column)|because it is a view$/
  return cause instanceof Error && resultCode(cause) === SQLITE_ERROR && isMissing.test(cause.message)
}

/** Another program has locked the database, however that was reported. */
export function isBusy(error: unknown): boolean {
  return error instanceof SmugdlError ? isBusy(error.cause) : resultCode(error) === SQLITE_BUSY
}

/** A row that SQLite accepts but smugdl cannot have written: edited by hand, or a bit error of the disk. */
export function brokenRow(what: string): SmugdlError {
  return new SmugdlError('destination', { ...broken, item: what })
}

/** The file is not, or no longer, a database, or its contents cannot be read. */
export function isBroken(error: unknown): boolean {
  if (error instanceof SmugdlError && error.what === broken.what) return true
  return sentences[resultCode(error instanceof SmugdlError ? error.cause : error)] === broken
}

/** https://sqlite.org/rescode.html: the low byte is the primary code, node:sqlite gives the extended one. 0 if the error is not SQLite's. */
function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

const SQLITE_ERROR = 1
const SQLITE_BUSY = 5

const broken = {
  what: 'The catalog is broken',
  next: rebuilding(),
}

/** `path`: of a catalog in its home. */
function rebuilding(path?: string): string {
  const isAtHome = path !== undefined && basename(dirname(path)) === '.smugdl'
  const home = isAtHome ? asWord(dirname(dirname(path)), sep === '\\' ? 'win32' : 'linux') : 'HOME'
  return `"smugdl adopt ${home} -o ${home}" sets the broken file aside and rebuilds it from your pictures, without downloading them again`
}

const forbidden = {
  what: 'The catalog cannot be opened for writing',
  next: 'Check that you may write to the output folder, that it is not mounted read-only and that its disk has room and works',
}

const sentences: Readonly<Record<number, { what: string; next: string }>> = {
  3: forbidden,
  [SQLITE_BUSY]: { what: 'The catalog is in use by another program', next: 'Wait for it to end' },
  8: forbidden,
  10: {
    what: 'The disk failed under the catalog',
    next: 'Check the disk, its cable or the network share, and run again; what was recorded before is kept',
  },
  11: broken,
  13: { what: 'The disk is full', next: 'Free space and run again; nothing is lost' },
  14: forbidden,
  26: broken,
}
