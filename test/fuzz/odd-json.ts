import fc from 'fast-check'

/** As texts, so that each is a value of its own. Deeper than code that calls itself should go, and with names that code may trip over. */
const oddTexts: readonly string[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    '0',
    '-1',
    'NaN',
    '1e999',
    '\u0000',
    '\ud800',
    'http://[',
    '//',
    '/',
    '?',
    '!',
  ],
  ...[
    'https://127.0.0.1/x',
    '../../x',
    '__proto__',
    'x'.repeat(100_000),
    '.'.repeat(100_000),
    '\u0301'.repeat(2_000),
    '%',
  ],
  ...[
    '9999-99-99T99:99:99+00:00',
    '-0001-11-30T00:00:00+00:00',
    [],
    {},
    [[]],
    [null],
    [{}],
    { toString: 1, valueOf: null },
  ],
]
  .map((value) => JSON.stringify(value))
  .concat(
    '{"__proto__":{"x":1},"constructor":null}',
    '1e999',
    '['.repeat(2_000) + ']'.repeat(2_000),
    `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  )

export const oddValue: fc.Arbitrary<unknown> = fc
  .oneof({ weight: 3, arbitrary: fc.constantFrom(...oddTexts) }, { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) })
  .map((text) => JSON.parse(text))

/** Documents like `valid`, of which some places hold something odd, or nothing. */
export function oddly(valid: object): fc.Arbitrary<unknown> {
  const change = fc.record({ place: fc.nat(), value: oddValue, isGone: fc.boolean() })
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const root: Holder = { document: structuredClone(valid) }
    for (const { place, value, isGone } of changes) {
      const places = placesIn(root, 'document')
      const [holder, name] = places[place % places.length] ?? [root, 'document']
      if (isGone && holder !== root) Reflect.deleteProperty(holder, name)
      else holder[name] = value
    }
    return root.document
  })
}

type Holder = Record<string, unknown>

/** Every value of a document that is not too deep, by what holds it. */
function placesIn(holder: Holder, name: string, depth = 0): [Holder, string][] {
  const value = holder[name]
  const inner = typeof value === 'object' && value !== null && depth < 8 ? (value as Holder) : {}
  return [[holder, name], ...Object.keys(inner).flatMap((each) => placesIn(inner, each, depth + 1))]
}
