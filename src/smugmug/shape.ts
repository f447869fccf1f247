/** The kinds of values at one path of many JSON documents, with their counts and lengths but no values. */
export type Kinds = Map<string, { times: number; shortest: number; longest: number }>

/**
 * The shape of a JSON document: the kinds of values by path (`Response.AlbumImage[].Title`). Contains names of fields, types, kinds of text and
 * lengths; no value, and no name that could be one.
 */
export function shapeOf(json: unknown): Map<string, Kinds> {
  const shape = new Map<string, Kinds>()
  const waiting: [path: string, value: unknown, depth: number][] = [['', json, 0]]
  for (let next = waiting.pop(); next !== undefined && shape.size < MOST_PATHS; next = waiting.pop()) {
    const [path, value, depth] = next
    note(shape, path, depth > DEEPEST ? ['nested deeper', 0] : kindOf(value))
    if (typeof value !== 'object' || value === null || depth > DEEPEST) continue
    if (Array.isArray(value)) for (const each of value) waiting.push([`${path}[]`, each, depth + 1])
    else {
      const namedByAddress = path === 'Expansions'
      for (const [name, each] of Object.entries(value)) {
        const shown = namedByAddress ? '<address>' : shownName(name)
        waiting.push([path === '' ? shown : `${path}.${shown}`, each, depth + 1])
      }
    }
  }
  return new Map([...shape].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const DEEPEST = 12
const MOST_PATHS = 2000

function note(shape: Map<string, Kinds>, path: string, [kind, length]: [kind: string, length: number]): void {
  const kinds: Kinds = shape.get(path) ?? new Map()
  const seen = kinds.get(kind) ?? { times: 0, shortest: length, longest: length }
  kinds.set(kind, {
    times: seen.times + 1,
    shortest: Math.min(seen.shortest, length),
    longest: Math.max(seen.longest, length),
  })
  shape.set(path, kinds)
}

/** SmugMug's names are words; any other name may be a key, an address or a user's text. */
function shownName(name: string): string {
  return WORDS.test(name) || SIZES.test(name) ? name : `<name of ${name.length}>`
}

const WORDS = /^[A-Z][A-Za-z]{0,60}\d{0,4}$|^[a-z]{1,12}$|^[A-Z]+(_[A-Z]+)+$/
/** `ImageSizeX3Large`, `ImageSize4K`, `X2LargeImageUrl`, `1920VideoUrl`. */
const SIZES = /^(Image|Video)Size\w{1,9}$|^\w{1,9}(Image|Video)Url$/

function kindOf(value: unknown): [kind: string, length: number] {
  if (typeof value === 'string') return [kindOfText(value), value.length]
  if (typeof value === 'number') {
    const sign = value < 0 ? 'negative ' : ''
    return [`${sign}${Number.isInteger(value) ? 'integer' : 'decimal'}`, String(Math.trunc(Math.abs(value))).length]
  }
  if (Array.isArray(value)) return ['list', value.length]
  if (value === undefined) return ['no JSON', 0]
  if (value === null || typeof value !== 'object') return [value === null ? 'null' : typeof value, 0]
  return ['object', Object.keys(value).length]
}

function kindOfText(text: string): string {
  return TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text'
}

const TEXTS: readonly [kind: string, pattern: RegExp][] = [
  ['empty text', /^$/],
  ['date in UTC', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/],
  ['other date', /^[-+]?\d{4}-\d\d-\d\d/],
  ['digits', /^\d+$/],
  ['number as text', /^-?[\d.]+(e[-+]?\d+)?$/i],
  ['MD5', /^[0-9a-f]{32}$/],
  ['https address', /^https:/],
  ['http address', /^http:/],
  ['address without scheme', /^\/\//],
  ['path', /^\//],
]
