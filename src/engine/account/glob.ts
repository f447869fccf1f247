/**
 * Whether a pattern matches a text. The pattern equals the text, whatever characters it contains, or is a glob: `*` within a name, `**` across
 * `/`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`, and `\` before a literal character. Matching ignores case.
 *
 * Implemented here because names come over the network: the usual translation to a regular expression takes 40 s for `*a*a*a*b` and a name of
 * a thousand letters. This matcher follows all alternatives in parallel, so the time is at most the product of both lengths.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const lower = pattern.toLowerCase()
  const { first, last } = compiled([...lower])
  return (text) => text.toLowerCase() === lower || leads(first, last, text.toLowerCase())
}

/** A pattern that matches only this text. */
export function literal(text: string): string {
  return text.replace(/[*?[\]{}()!+@\\#]/g, '\\$&')
}

/** A state of the matcher: it consumes a character before the next state, or leads there at once. */
interface Place {
  readonly takes?: (character: string) => boolean
  readonly next: Place[]
}

interface Part {
  readonly first: Place
  readonly last: Place
}

function leads(first: Place, last: Place, text: string): boolean {
  let here = reached([first])
  for (const character of text) {
    here = reached([...here].flatMap(({ takes, next }) => (takes?.(character) ? next : [])))
    if (here.size === 0) return false
  }
  return here.has(last)
}

/** These states, and those reachable without a character. */
function reached(places: Place[]): Set<Place> {
  const found = new Set<Place>()
  while (places.length > 0) {
    const place = places.pop()
    if (place === undefined || found.has(place)) continue
    found.add(place)
    if (place.takes === undefined) places.push(...place.next)
  }
  return found
}

/** Parses a part of the pattern, between two positions. */
function compiled(pattern: readonly string[], from = 0, to = pattern.length): Part {
  const first: Place = { next: [] }
  let last = first
  for (let at = from; at < to; ) {
    const { part, end } = partAt(pattern, at, to)
    last.next.push(part.first)
    last = part.last
    at = end
  }
  return { first, last }
}

function partAt(pattern: readonly string[], at: number, to: number): { part: Part; end: number } {
  const character = pattern[at] ?? ''
  if (character === '\\' && at + 1 < to) return { part: one((each) => each === pattern[at + 1]), end: at + 2 }
  if (character === '?') return { part: one(withinName), end: at + 1 }
  if (character === '*') return stars(pattern, at, to)
  return (
    (character === '[' ? characterClass(pattern, at, to) : undefined) ??
    (character === '{' ? choice(pattern, at, to) : undefined) ?? {
      part: one((each) => each === character),
      end: at + 1,
    }
  )
}

/** `**` in place of a whole name matches any number of folders, including none; elsewhere it is `*`. */
function stars(pattern: readonly string[], at: number, to: number): { part: Part; end: number } {
  let end = at
  while (end < to && pattern[end] === '*') end += 1
  if (end - at === 1 || !borders.has(pattern[at - 1]) || !borders.has(pattern[end]))
    return { part: repeated(withinName), end }
  if (pattern[end] !== '/') return { part: repeated(() => true), end }
  const last: Place = { next: [] }
  const name: Place = { takes: withinName, next: [] }
  const slash: Place = { takes: (each) => each === '/', next: [] }
  const first: Place = { next: [name, last] }
  name.next.push(name, slash)
  slash.next.push(first)
  return { part: { first, last }, end: end + 1 }
}

const borders = new Set<string | undefined>([undefined, '/', '{', ',', '}'])

/** Parses `[a-z]`; undefined for an unclosed bracket. */
function characterClass(pattern: readonly string[], at: number, to: number): { part: Part; end: number } | undefined {
  const isNot = pattern[at + 1] === '!' || pattern[at + 1] === '^'
  const from = at + (isNot ? 2 : 1)
  const ranges: [string, string][] = []
  let end = from
  // A closing bracket in first position is a literal character.
  for (; end < to && (pattern[end] !== ']' || end === from); end += 1) {
    if (pattern[end] === '\\' && end + 1 < to) end += 1
    const low = pattern[end] ?? ''
    const isRange = pattern[end + 1] === '-' && end + 2 < to && pattern[end + 2] !== ']'
    if (isRange) end += 2
    ranges.push([low, pattern[end] ?? ''])
  }
  if (end >= to) return undefined
  const isIn = (each: string) => ranges.some(([low, high]) => low <= each && each <= high)
  return { part: one((each) => withinName(each) && isIn(each) !== isNot), end: end + 1 }
}

/** Parses `{a,b}`; undefined if it is unclosed or has only one alternative. */
function choice(pattern: readonly string[], at: number, to: number): { part: Part; end: number } | undefined {
  const marks = [at]
  let depth = 0
  let end = at
  for (; end < to; end += 1) {
    if (pattern[end] === '\\') end += 1
    else if (pattern[end] === '{') depth += 1
    else if (pattern[end] === ',' && depth === 1) marks.push(end)
    else if (pattern[end] === '}' && --depth === 0) break
  }
  if (end >= to || marks.length === 1) return undefined
  const last: Place = { next: [] }
  const choices = marks.map((mark, place) => compiled(pattern, mark + 1, marks[place + 1] ?? end))
  for (const each of choices) each.last.next.push(last)
  return { part: { first: { next: choices.map((each) => each.first) }, last }, end: end + 1 }
}

function one(takes: (character: string) => boolean): Part {
  const last: Place = { next: [] }
  return { first: { takes, next: [last] }, last }
}

function repeated(takes: (character: string) => boolean): Part {
  const last: Place = { next: [] }
  const again: Place = { takes, next: [] }
  const first: Place = { next: [again, last] }
  again.next.push(first)
  return { first, last }
}

function withinName(character: string): boolean {
  return character !== '/'
}
