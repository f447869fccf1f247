import { endpointAt } from './endpoints.ts'
import type { Page, Paginate } from './pages.ts'
import type { Call, Endpoint, Entity, Found, List } from './resource.ts'
import type { Shape } from './shape.ts'

/** What was found, if it was. */
export type Content = Exclude<Found, { moved: string } | { refused: number }>

export interface RenderingParts extends Pick<Call, 'world' | 'viewer' | 'photosOrigin'> {
  paginate: Paginate
  /** The largest page by `EndpointType`. */
  clamps: Readonly<Record<string, number>>
}

/**
 * One answer in the making: objects are trimmed, and what is expanded on the way is collected beside the response, each
 * address once (smugmug-api 3, 6).
 */
export class Rendering {
  readonly expansions = new Map<string, unknown>()
  readonly #parts: RenderingParts

  constructor(parts: RenderingParts) {
    this.#parts = parts
  }

  /** The inner response: `Uri`, `Locator`, the payload, `Pages`. An empty collection has no payload (smugmug-api 0.2). */
  response(endpoint: Endpoint, found: Content, path: string, queryText: string, shape: Shape): Record<string, unknown> {
    const kept = queryText.split('&').filter((part) => isKept(part, endpoint))
    const response: Record<string, unknown> = {
      Uri: kept.length === 0 ? path : `${path}?${kept.join('&')}`,
      Locator: endpoint.locator,
      LocatorType: 'one' in found ? 'Object' : 'Objects',
    }
    if ('one' in found) {
      response[endpoint.locator] = this.#object(found.one, shape)
    } else {
      const { entities, pages } =
        'list' in found ? this.#page(endpoint, found.list, path, { queryText, kept }) : { entities: found.many }
      if (entities.length > 0) response[endpoint.locator] = entities.map((entity) => this.#object(entity, shape))
      if (pages) response.Pages = pages
    }
    if (shape.verbosity > 1) {
      Object.assign(response, { UriDescription: endpoint.about, EndpointType: endpoint.type })
      if (endpoint.doc !== undefined)
        response.DocUri = `https://api.smugmug.com/api/v2/doc/reference/${endpoint.doc}.html`
    }
    if (shape.verbosity === 3) response.Timing = { Total: { time: 0.04, cycles: 1, objects: 0 } }
    return response
  }

  #page(
    endpoint: Endpoint,
    list: List,
    path: string,
    { queryText, kept }: { queryText: string; kept: readonly string[] },
  ): Page {
    const query = new URLSearchParams(queryText)
    const clamp = this.#parts.clamps[endpoint.type] ?? DEFAULT_CLAMP
    return this.#parts.paginate(list, { path, query, kept, defaultCount: endpoint.pageSize ?? DEFAULT_CLAMP, clamp })
  }

  #object(entity: Entity, shape: Shape): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(entity.fields))
      if (isWanted(name, shape)) object[name] = typeof value === 'function' ? value() : value
    if (isWanted('Uri', shape)) object.Uri = entity.uri
    if (shape.verbosity > 1) object.UriDescription = entity.about
    const uris = this.#uris(entity, shape)
    if (Object.keys(uris).length > 0) object.Uris = uris
    return object
  }

  #uris(entity: Entity, shape: Shape): Record<string, unknown> {
    const uris: Record<string, unknown> = {}
    for (const [name, link] of Object.entries(entity.links)) {
      if (shape.filterUri && !shape.filterUri.has(name)) continue
      const wanted = shape.expand.get(name)
      // Seen at the least verbose level only (real-answers 4.2).
      const uri = wanted && name === 'HighlightImage' && shape.verbosity === 1 ? `${link}?_shorturis=` : link
      const expansion = wanted && this.#expand(uri, wanted)
      if (wanted?.inline) uris[name] = expansion
      else uris[name] = shape.shortUris ? uri : longLink(uri)
    }
    return uris
  }

  /** Fetches what a relation leads to. By reference it is put beside the response under its address, once. */
  #expand(uri: string, shape: Shape): unknown {
    const fetched = () => {
      const [path = ''] = uri.split('?')
      const sets = shape.args.length === 0 ? [new URLSearchParams()] : shape.args
      const results = sets.map((args) => this.#fetch(path, args, shape))
      return shape.isMulti ? results : results[0]
    }
    if (shape.inline) return fetched()
    if (!this.expansions.has(uri)) {
      // Its place is taken before it is made: what it expands in turn may lead back here.
      this.expansions.set(uri, undefined)
      this.expansions.set(uri, fetched())
    }
    return undefined
  }

  #fetch(uri: string, query: URLSearchParams, shape: Shape): Record<string, unknown> {
    const at = endpointAt(uri)
    if (!at) return { Uri: uri, Code: 404, Message: 'Not Found' }
    const found = at.endpoint.find({ ...this.#parts, ids: at.ids, query })
    if ('moved' in found) return this.#fetch(found.moved, query, shape)
    if ('refused' in found) {
      const { Response, ...codeAndMessage } = refusal(found, at.endpoint, uri)
      return { ...Response, ...codeAndMessage }
    }
    return this.response(at.endpoint, found, uri, query.toString(), shape)
  }
}

/** The body of an error; the response is there but has no payload (smugmug-api 7.1). */
export function refusal(
  { refused, message }: Extract<Found, { refused: number }>,
  { about, type }: Endpoint,
  uri: string,
) {
  const Message = message ?? { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[refused]
  return { Response: { Uri: uri, UriDescription: about, EndpointType: type }, Code: refused, Message }
}

const DEFAULT_CLAMP = 100

/** `Uris` come, where there are any, and `ResponseLevel` does, whatever `_filter` names; `Uri` does not (real-answers 4.2). */
function isWanted(field: string, { filter }: Shape): boolean {
  return filter === undefined || filter.has(field) || field === 'ResponseLevel'
}

/** Addresses repeat of a query what the endpoint takes, the two filters, `_pretty` and a signature; nothing else (real-answers 4.1, smugmug-api 5). */
function isKept(part: string, { parameters = [], pageSize }: Endpoint): boolean {
  const [name = ''] = part.split('=')
  if (pageSize !== undefined && (name === 'start' || name === 'count')) return true
  return parameters.includes(name) || ALWAYS_KEPT.test(name)
}

const ALWAYS_KEPT = /^(_filter|_filteruri|_pretty|oauth_.*)$/

function longLink(uri: string): Record<string, unknown> {
  const endpoint = endpointAt(uri)?.endpoint
  if (!endpoint) return { Uri: uri }
  return {
    Uri: uri,
    Locator: endpoint.locator,
    LocatorType: endpoint.pageSize === undefined ? 'Object' : 'Objects',
    UriDescription: endpoint.about,
    EndpointType: endpoint.type,
  }
}
