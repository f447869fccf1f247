import type { SQLOutputValue } from 'node:sqlite'
import { brokenRow } from './sqlite-error.ts'

/** JSON as it is stored; the same shape as the exporter contract's `Plain`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }
export type JsonRecord = { readonly [name: string]: Json | undefined }

/** A row as node:sqlite returns it. */
export type Row = Record<string, SQLOutputValue>

/** Reads one column as the type in the schema (STRICT tables); any other type is a bug of ours. */
export const text = (row: Row, column: string): string => as(row, column, 'string') as string
export const integer = (row: Row, column: string): number => as(row, column, 'number') as number
export const optionalText = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column)
export const optionalInteger = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : integer(row, column)

/** Reads a column of JSON. Throws `destination` if it is not JSON, which means that the catalog is broken. */
export function json<T>(row: Row, column: string): T {
  try {
    return JSON.parse(text(row, column))
  } catch {
    throw brokenRow(`column ${column}`)
  }
}

/** Reads a stored path within the output. Throws `destination` if it leads out of it, because smugdl cannot have written it. */
export function innerPath(path: string): string {
  const leadsOut = path.startsWith('/') || /[\0\\]|^[a-z]:/i.test(path) || path.split('/').includes('..')
  if (leadsOut) throw brokenRow(`a path leads out of the output: ${path}`)
  return path
}

/** Converts an absent value: `undefined` in this program, NULL in SQL. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null

function as(row: Row, column: string, type: 'string' | 'number'): unknown {
  const value = row[column]
  const found = value === null ? 'NULL' : typeof value
  if (found !== type) throw new TypeError(`catalog column ${column} holds ${found}, not ${type}`)
  return value
}
