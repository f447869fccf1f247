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

const anything = v.optional(v.unknown(), null)

/** Text; numbers occur. Anything else is empty. */
export const text = v.pipe(
  anything,
  v.transform((value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')),
)

/** Text; undefined if empty. */
export const someText = v.pipe(
  text,
  v.transform((value) => (value === '' ? undefined : value)),
)

/** `true` or `false`; anything else is undefined. */
export const someFlag = v.pipe(
  anything,
  v.transform((value) => (typeof value === 'boolean' ? value : undefined)),
)

export const flag = v.pipe(
  someFlag,
  v.transform((value) => value ?? false),
)

/** A number, or a number as a string (`TotalAccountSize`, coordinates); anything else is undefined. */
export const number = v.pipe(
  text,
  v.transform((value) => (/^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(value) ? finite(Number(value)) : undefined)),
)

/** A number of bytes, pixels or items. */
export const count = v.pipe(
  number,
  v.transform((value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined)),
)

/** An instant as SmugMug writes it (`2019-05-21T16:20:29+00:00`). The epoch, which is sent for "unknown", and anything that is no date are undefined. */
export const instant = v.pipe(
  text,
  v.transform((value) => (/^\d{4}-\d\d-\d\d/.test(value) && Date.parse(value) ? value : undefined)),
)

/** A list of texts, or one text with separators, like the keywords of albums: `travel; rome`. Entries that are no text are left out. */
export const textList = v.pipe(
  anything,
  v.transform((words) =>
    typeof words === 'string'
      ? words.split(';').flatMap((word) => word.trim() || [])
      : [Array.isArray(words) ? words : []].flat().flatMap((word) => v.parse(someText, word) ?? []),
  ),
)

/** `Uris` in the long form, the short one, or `[]` for none (smugmug-api 3, 0.3). */
export const uris = v.pipe(
  anything,
  v.transform((value) => {
    const found: Record<string, string> = {}
    for (const [name, link] of Object.entries(Object(value))) {
      const uri: unknown = typeof link === 'object' && link !== null && 'Uri' in link ? link.Uri : link
      if (typeof uri === 'string' && uri !== '') found[name] = uri
    }
    return found
  }),
)

export const md5 = v.pipe(
  text,
  v.transform((value) => (/^[0-9a-f]{32}$/i.test(value) ? value.toLowerCase() : undefined)),
)

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
