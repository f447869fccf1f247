import type { World } from './world.ts'

/** The caller: the owner with full access, or any other (a token with `Access=Public`, or no token at all). */
export interface Viewer {
  isOwner: boolean
  isSigned: boolean
}

/** One request for a resource, its path taken apart. */
export interface Call {
  world: World
  viewer: Viewer
  /** The keys in the path; several of a multi-get. */
  ids: readonly string[]
  query: URLSearchParams
  /** Where `https://photos.smugmug.com` is here. */
  photosOrigin: string
}

/** An object of the API before it is trimmed: its fields and its relations. */
export interface Entity {
  uri: string
  /** `UriDescription`. */
  about: string
  /** Values; what costs something is a function that is called only if the field is shown. */
  fields: Record<string, unknown>
  /** Relation → address. */
  links: Record<string, string>
}

/** A list of which only a page is made into entities. */
export interface List {
  readonly length: number
  keyAt(index: number): string
  entityAt(index: number): Entity
}

export type Found =
  | { one: Entity }
  | { many: Entity[] }
  | { list: List }
  | { moved: string }
  | { refused: 401 | 403 | 404; message?: string }

export interface Endpoint {
  /** The name of the payload. */
  locator: string
  /** `EndpointType`. */
  type: string
  /** `UriDescription`. */
  about: string
  /** Default number of items per page; makes the endpoint a paged list (smugmug-api 4). */
  pageSize?: number
  /** The last part of `DocUri`, where an answer has one. */
  doc?: string
  /** What the endpoint's own arguments may be; they stay in page links. */
  parameters?: readonly string[]
  find(call: Call): Found
}

export function listOf<T>(items: readonly T[], key: (item: T) => string, entity: (item: T) => Entity): List {
  const at = (index: number): T => {
    const item = items[index]
    if (item === undefined) throw new RangeError(`The list has no item ${index}`)
    return item
  }
  return { length: items.length, keyAt: (index) => key(at(index)), entityAt: (index) => entity(at(index)) }
}

export const NOT_FOUND: Found = { refused: 404 }

/** `2024-05-02T08:00:00+00:00`: always UTC, written as an offset (smugmug-api 3). */
export function dateText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`
}
