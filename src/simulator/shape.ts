/** How an answer is wanted: the control parameters `_filter`, `_filteruri`, `_shorturis`, `_verbosity`, `_expand`, `_config`. */
export interface Shape {
  verbosity: 1 | 2 | 3
  /** Only these fields; undefined for all. */
  filter: ReadonlySet<string> | undefined
  /** Only these relations, and none but these can be expanded (smugmug-api 6.1). */
  filterUri: ReadonlySet<string> | undefined
  shortUris: boolean
  /** The result goes into `Uris` instead of `Expansions`. */
  inline: boolean
  /** Arguments of an expansion: none, one set, or with `multiargs` several. */
  args: readonly URLSearchParams[]
  isMulti: boolean
  expand: ReadonlyMap<string, Shape>
}

/** Thrown for a `_config` that cannot be read. */
export class MalformedConfig extends Error {}

/**
 * Reads the shape from a query. Whether `_filter` in the query trims expanded objects too is not documented: `reach` says.
 */
export function shapeOf(query: URLSearchParams, reach: 'root' | 'expansions'): Shape {
  const level = Number(query.get('_verbosity') ?? 2)
  const root: MutableShape = {
    verbosity: level <= 1 ? 1 : level >= 3 ? 3 : 2,
    filter: setOf(query.get('_filter')),
    filterUri: setOf(query.get('_filteruri')),
    shortUris: query.has('_shorturis') || level <= 1,
    inline: query.get('_expandmethod') === 'inline',
    args: [],
    isMulti: false,
    expand: new Map(),
  }
  for (const path of setOf(query.get('_expand')) ?? []) {
    let at = root
    for (const name of path.split('.')) {
      const next = at.expand.get(name) ?? plainChild(root, reach)
      at.expand.set(name, next)
      at = next
    }
  }
  const config = query.get('_config')
  if (config !== null) configure(root, parsed(config))
  return root
}

type MutableShape = Omit<Shape, 'expand'> & { expand: Map<string, MutableShape> }

function plainChild(parent: MutableShape, reach: 'root' | 'expansions'): MutableShape {
  const filter = reach === 'expansions' ? parent.filter : undefined
  return { ...parent, filter, filterUri: undefined, args: [], isMulti: false, expand: new Map() }
}

/** One level of `_config` (smugmug-api 6.2). */
function configure(shape: MutableShape, config: Record<string, unknown>): void {
  if (config.filter !== undefined) shape.filter = new Set(namesIn(config.filter))
  if (config.filteruri !== undefined) shape.filterUri = new Set(namesIn(config.filteruri))
  if (typeof config.shorturis === 'boolean') shape.shortUris = config.shorturis
  if (config.expand_method !== undefined) shape.inline = config.expand_method === 'inline'
  if (config.args !== undefined && config.multiargs !== undefined) throw new MalformedConfig('args excludes multiargs')
  if (config.args !== undefined) shape.args = [argumentsIn(config.args)]
  if (Array.isArray(config.multiargs)) {
    shape.args = config.multiargs.map(argumentsIn)
    shape.isMulti = true
  }
  if (config.expand === undefined) return
  for (const [name, inner] of Object.entries(record(config.expand))) {
    const child = shape.expand.get(name) ?? plainChild(shape, 'root')
    shape.expand.set(name, child)
    configure(child, record(inner))
  }
}

function parsed(config: string): Record<string, unknown> {
  try {
    return record(JSON.parse(config))
  } catch (cause) {
    throw new MalformedConfig('_config is not a JSON object', { cause })
  }
}

function record(value: unknown): Record<string, unknown> {
  // PHP's empty map is `[]`.
  if (Array.isArray(value) && value.length === 0) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedConfig('expected an object')
  return value as Record<string, unknown>
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : Object.keys(record(value))
}

function argumentsIn(value: unknown): URLSearchParams {
  return new URLSearchParams(Object.entries(record(value)).map(([name, argument]) => [name, String(argument)]))
}

function setOf(text: string | null): Set<string> | undefined {
  return text === null ? undefined : new Set(text.split(',').filter((name) => name !== ''))
}
