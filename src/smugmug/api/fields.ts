import * as v from 'valibot'
import { SmugdlError } from '../../error.ts'

/** Parses the answer of `address`. Throws kind `item`, naming the field and the address, if it does not match. */
export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  address: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? 'the record itself'
  throw new SmugdlError('item', {
    what: `SmugMug's answer does not fit at ${field}: expected ${issue.expected ?? 'something else'}, got ${issue.input === null ? 'null' : typeof issue.input}`,
    item: address,
    next: 'Please report this; the shape of the API may have changed',
  })
}

/*
 * An unexpected value costs its field, never the record: none of the schemas below rejects anything. A value that does not match is left out,
 * but stays as it came in the record's `raw`.
 */

/** One step for each field: an album of 5,000 pictures has 150,000 of them, and each is read several times. */
function field<T>(read: (value: unknown) => T) {
  return v.optional(v.pipe(v.unknown(), v.transform(read)), null)
}

/** Text; numbers occur. Anything else is empty. */
export const text = field(textOf)

/** Text; undefined if empty. */
export const someText = field(someTextOf)

/** `true` or `false`; anything else is undefined. */
export const someFlag = field((value) => (typeof value === 'boolean' ? value : undefined))

export const flag = field((value) => value === true)

/** A number, or a number as a string (`TotalAccountSize`, coordinates); anything else is undefined. */
export const number = field(numberOf)

/** A number of bytes, pixels or items. */
export const count = field((value) => {
  const read = numberOf(value)
  return Number.isSafeInteger(read) && Number(read) >= 0 ? read : undefined
})

/** An instant as SmugMug writes it (`2019-05-21T16:20:29+00:00`). The epoch, which is sent for "unknown", and anything that is no date are undefined. */
export const instant = field((value) => {
  const read = textOf(value)
  return /^\d{4}-\d\d-\d\d/.test(read) && Date.parse(read) ? read : undefined
})

/** A list of texts, or one text with separators, like the keywords of albums: `travel; rome`. Entries that are no text are left out. */
export const textList = field((words) =>
  typeof words === 'string'
    ? words.split(';').flatMap((word) => word.trim() || [])
    : [Array.isArray(words) ? words : []].flat().flatMap((word) => someTextOf(word) ?? []),
)

/** `Uris` in the long form, the short one, or `[]` for none (smugmug-api 3, 0.3). */
export const uris = field((value) => {
  const found: Record<string, string> = {}
  for (const [name, link] of Object.entries(Object(value))) {
    const uri: unknown = typeof link === 'object' && link !== null && 'Uri' in link ? link.Uri : link
    if (typeof uri === 'string' && uri !== '') found[name] = uri
  }
  return found
})

export const md5 = field((value) => {
  const read = textOf(value)
  return /^[0-9a-f]{32}$/i.test(read) ? read.toLowerCase() : undefined
})

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function someTextOf(value: unknown): string | undefined {
  return textOf(value) || undefined
}

function numberOf(value: unknown): number | undefined {
  const read = textOf(value)
  return /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(read) ? finite(Number(read)) : undefined
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
