import * as v from 'valibot'
import { SmugdlError } from '../../error.ts'

/** Parses what `address` answered. Throws kind `item` with the field and the address where it does not fit. */
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

/** Text; absent, null and numbers occur. */
export const text = v.pipe(
  v.nullish(v.union([v.string(), v.number()]), ''),
  v.transform((value) => String(value)),
)

/** Text, of which an empty one says nothing. */
export const someText = v.pipe(
  text,
  v.transform((value) => (value === '' ? undefined : value)),
)

export const flag = v.nullish(v.boolean(), false)

/** A number, or a string of one (`TotalAccountSize`, coordinates); absent, null and empty are undefined. */
export const number = v.pipe(
  v.nullish(v.union([v.number(), v.pipe(v.string(), v.regex(/^\s*(-?\d+(\.\d+)?)?\s*$/))]), ''),
  v.transform((value) => (typeof value === 'string' && value.trim() === '' ? undefined : Number(value))),
)

/** An instant as SmugMug writes it (`2019-05-21T16:20:29+00:00`). The epoch, which is sent for "unknown", and what is no date are undefined. */
export const instant = v.pipe(
  text,
  v.transform((value) => (Number.isNaN(Date.parse(value)) || Date.parse(value) === 0 ? undefined : value)),
)

/** A list of texts, or one text of many, as keywords are on albums: `travel; rome`. */
export const textList = v.pipe(
  v.nullish(v.union([v.string(), v.array(v.union([v.string(), v.number()]))]), []),
  v.transform((words) => (typeof words === 'string' ? words.split(/\s*;\s*/).filter(Boolean) : words.map(String))),
)

/** `Uris` in the long form, the short one, or `[]` for none (smugmug-api 3, 0.3). */
export const uris = v.pipe(
  v.nullish(v.unknown(), {}),
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
