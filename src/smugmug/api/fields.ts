import { SmugdlError } from '../../error.ts'

/** Reads a value of any shape. An unexpected one costs its field, never the record, in whose `raw` it stays; only keys throw (`Unfit`). */
export type Field<T = unknown> = (value: unknown) => T

/** The fields of a record that smugdl reads, by SmugMug's names. */
export type Fields = Readonly<Record<string, Field>>

export type Read<Of extends Fields> = { readonly [Name in keyof Of]: ReturnType<Of[Name]> }

/** A value without which there is nothing to read. */
export class Unfit extends Error {}

/** Reads a record in the answer of `address`. Throws kind `item`, naming the field and the address, if it is none or lacks its key. */
export function readRecord<Of extends Fields>(fields: Of, value: unknown, address: string): Read<Of> {
  if (typeof value !== 'object' || value === null) throw misfit('the record itself', 'an object', value, address)
  const record = value as Readonly<Record<string, unknown>>
  // Of its final shape at once: thirty fields added one by one are copied ten times.
  const read: Record<string, unknown> = { ...fields }
  for (const name in fields) read[name] = readValue(fields[name] as Field, record[name], address, name)
  return read as Read<Of>
}

/** As `readRecord`, of one value, which is called `name` in the error. */
export function readValue<T>(field: Field<T>, value: unknown, address: string, name = 'the record itself'): T {
  try {
    return field(value)
  } catch (error) {
    if (error instanceof Unfit) throw misfit(name, error.message, value, address)
    throw error
  }
}

function misfit(field: string, expected: string, value: unknown, address: string): SmugdlError {
  return new SmugdlError('item', {
    what: `SmugMug's answer does not fit at ${field}: expected ${expected}, got ${value === null ? 'null' : value === '' ? 'none' : typeof value}`,
    item: address,
    next: 'Please report this; the shape of the API may have changed',
  })
}

/** Text; numbers occur. Anything else is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Text; undefined if empty. */
export function someText(value: unknown): string | undefined {
  return text(value) || undefined
}

/** `true` or `false`; anything else is undefined. */
export function someFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

export function flag(value: unknown): boolean {
  return value === true
}

/** A number, or a number as a string (`TotalAccountSize`, coordinates); anything else is undefined. */
export function number(value: unknown): number | undefined {
  if (typeof value !== 'number' && !/^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(text(value))) return undefined
  return Number.isFinite(Number(value)) ? Number(value) : undefined
}

/** A number of bytes, pixels or items. */
export function count(value: unknown): number | undefined {
  const read = number(value)
  return Number.isSafeInteger(read) && Number(read) >= 0 ? read : undefined
}

/** An instant as SmugMug writes it (`2019-05-21T16:20:29+00:00`). The epoch, which is sent for "unknown", and anything that is no date are undefined. */
export function instant(value: unknown): string | undefined {
  const read = text(value)
  return /^\d{4}-\d\d-\d\d/.test(read) && Date.parse(read) ? read : undefined
}

/** A list of texts, or one text with separators, like the keywords of albums: `travel; rome`. Entries that are no text are left out. */
export function textList(value: unknown): string[] {
  if (typeof value === 'string') return value.split(';').flatMap((word) => word.trim() || [])
  return Array.isArray(value) ? value.flatMap((word) => someText(word) ?? []) : []
}

/** `Uris` in the long form, the short one, or `[]` for none (smugmug-api 3, 0.3). */
export function uris(value: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, link] of Object.entries(Object(value))) {
    const uri: unknown = typeof link === 'object' && link !== null && 'Uri' in link ? link.Uri : link
    if (typeof uri === 'string' && uri !== '') found[name] = uri
  }
  return found
}

export function md5(value: unknown): string | undefined {
  const read = text(value)
  return /^[0-9a-f]{32}$/i.test(read) ? read.toLowerCase() : undefined
}
