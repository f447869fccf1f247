import { SmugdlError } from '../../error.ts'

type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }
export type JsonObject = { [name: string]: JsonValue }

/** The API's record as plain data, for exporters that keep more than we model, without secrets that must not end up in a file. */
export function withoutSecrets(record: unknown): JsonObject {
  const cleaned = clean(record)
  return typeof cleaned === 'object' && cleaned !== null && !Array.isArray(cleaned) ? cleaned : {}
}

/** `withoutSecrets` of a record that stays in memory with all others of its kind. Throws `item` if it is too large to be one. */
export function smallWithoutSecrets(record: unknown, address: string): JsonObject {
  const kept = withoutSecrets(record)
  if (JSON.stringify(kept).length <= MOST_KEPT) return kept
  throw new SmugdlError('item', {
    what: 'What SmugMug says of it is too long',
    item: address,
    next: 'The next run asks again',
  })
}

/** Characters. A captured record with all its fields has 4,000. */
const MOST_KEPT = 64_000

/**
 * Passwords and upload keys of accounts, folders, albums and images; the owner's identity and postal address (smugmug-api 4.2); and
 * the photo host's addresses, whose token may open a private picture to anyone who has it (smugmug-api 8).
 */
const SECRETS = new Set([
  ...['Password', 'ViewPassword', 'ViewPassHint', 'DownloadPassword', 'PasswordHint', 'UploadKey'],
  ...['Email', 'PhoneNum', 'FirstName', 'LastName', 'Street1', 'Street2', 'City', 'State', 'Zip', 'Country'],
  ...['ArchivedUri', 'DownloadUrl', 'ThumbnailUrl', 'Url'],
])

/** Assigning `__proto__` would set no field but the object's prototype. */
const LEFT_OUT = new Set([...SECRETS, '__proto__'])

/** Maximum depth: deeper nesting could overflow the stack and is dropped; SmugMug's records nest only a few levels. */
const DEEPEST = 50

function clean(value: unknown, depth = 0): JsonValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return null
  if (Array.isArray(value)) return value.map((each) => clean(each, depth + 1))
  const record = value as Readonly<Record<string, unknown>>
  const kept: JsonObject = {}
  for (const name in record) if (!LEFT_OUT.has(name)) kept[name] = clean(record[name], depth + 1)
  return kept
}
