import type { SQLOutputValue } from 'node:sqlite'
import { brokenRow } from './sqlite-error.ts'

/** JSON as it is stored; the same shape as the exporter contract's `Plain`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }
export type JsonRecord = { readonly [name: string]: Json | undefined }

/** A row as node:sqlite hands it over. */
export type Row = Record<string, SQLOutputValue>

/** Reads one column as what the schema (STRICT tables) promises; anything else is a bug of ours. */
export const text = (row: Row, column: string): string => as(row, column, 'string') as string
export const integer = (row: Row, column: string): number => as(row, column, 'number') as number
export const optionalText = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column)
export const optionalInteger = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : integer(row, column)

/** One column that holds JSON. Throws `destination`, the catalog being broken, when it does not. */
export function json<T>(row: Row, column: string): T {
  try {
    return JSON.parse(text(row, column))
  } catch {
    throw brokenRow(`column ${column}`)
  }
}

/** A path within the output, as one was stored. Throws `destination` for one that leads out of it: it came from another place than smugdl. */
export function innerPath(path: string): string {
  const leadsOut = path.startsWith('/') || /[\0\\]|^[a-z]:/i.test(path) || path.split('/').includes('..')
  if (leadsOut) throw brokenRow(`a path leads out of the output: ${path}`)
  return path
}

/** `undefined` is how this program says that there is none, NULL is how SQL does. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null

function as(row: Row, column: string, type: 'string' | 'number'): unknown {
  const value = row[column]
  const found = value === null ? 'NULL' : typeof value
  if (found !== type) throw new TypeError(`catalog column ${column} holds ${found}, not ${type}`)
  return value
}
