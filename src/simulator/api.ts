import { type Answer, escapeHtml, htmlAnswer, jsonAnswer, redirectAnswer } from './answer.ts'
import { endpointAt } from './endpoints.ts'
import type { Paginate } from './pages.ts'
import type { Call, Endpoint, Entity, Found, Viewer } from './resource.ts'
import { MalformedConfig, type Shape, shapeOf } from './shape.ts'
import type { World } from './world.ts'

export interface ApiRequest {
  method: string
  /** Path and query as sent. */
  target: string
  acceptsJson: boolean
  viewer: Viewer
}

export interface ApiParts {
  world: World
  paginate: Paginate
  photosOrigin: string
  /** The largest page by `EndpointType`. */
  clamps: Readonly<Record<string, number>>
  /** Whether `_filter` in the query trims expanded objects too. */
  filterReach: 'root' | 'expansions'
}

/** Answers requests below `/api/v2`: finds the resource, trims and expands it and puts it in its envelope (smugmug-api 3, 6). */
export function api(parts: ApiParts): (request: ApiRequest) => Answer {
  return (request) => {
    if (request.target.length > LONGEST_TARGET) return apacheRefusal()
    const { path, query } = split(request.target)
    const say = (status: number, body: Record<string, unknown>): Answer =>
      request.acceptsJson ? jsonAnswer(status, body, query.has('_pretty')) : apiBrowser(status, body)
    if (request.method !== 'GET') return say(405, { Code: 405, Message: 'Method Not Allowed' })
    const at = endpointAt(path)
    if (!at) return say(404, { Response: { Uri: request.target }, Code: 404, Message: 'Not Found' })

    const found = at.endpoint.find({ ...parts, viewer: request.viewer, ids: at.ids, query })
    if ('moved' in found) return redirectAnswer(301, query.size === 0 ? found.moved : `${found.moved}?${query}`)
    if ('refused' in found) return say(found.refused, refusal(found, at.endpoint, request.target))
    try {
      const shape = shapeOf(query, parts.filterReach)
      const rendering = new Rendering(parts, request.viewer)
      const Response = rendering.response(at.endpoint, found, path, query, shape)
      return say(200, {
        ...(shape.verbosity === 3 ? { Request: { Version: 'v2', Method: 'GET', Uri: request.target } } : {}),
        ...options(at.endpoint, shape),
        Response,
        Code: 200,
        Message: 'Ok',
        ...(rendering.expansions.size > 0 ? { Expansions: Object.fromEntries(rendering.expansions) } : {}),
      })
    } catch (error) {
      if (error instanceof MalformedConfig) return say(400, { Code: 400, Message: error.message })
      throw error
    }
  }
}

/** Apache's limit is met by a few hundred keys in one address (smugmug-api 6.3). */
const LONGEST_TARGET = 7500

/** One answer in the making: what is expanded on the way is collected beside it, each address once. */
class Rendering {
  readonly expansions = new Map<string, unknown>()
  readonly #parts: ApiParts
  readonly #viewer: Viewer

  constructor(parts: ApiParts, viewer: Viewer) {
    this.#parts = parts
    this.#viewer = viewer
  }

  /** The inner response: `Uri`, `Locator`, the payload, `Pages`. An empty collection has no payload (smugmug-api 0.2). */
  response(
    endpoint: Endpoint,
    found: Content,
    path: string,
    query: URLSearchParams,
    shape: Shape,
  ): Record<string, unknown> {
    const kept = keptIn(query)
    const isList = !('one' in found)
    const response: Record<string, unknown> = {
      Uri: kept.size === 0 ? path : `${path}?${kept}`,
      Locator: endpoint.locator,
      LocatorType: isList ? 'Objects' : 'Object',
    }
    if ('one' in found) {
      response[endpoint.locator] = this.#object(found.one, shape)
    } else {
      const page = 'list' in found ? this.#page(endpoint, found, path, query, kept) : { entities: found.many }
      if (page.entities.length > 0)
        response[endpoint.locator] = page.entities.map((entity) => this.#object(entity, shape))
      if ('pages' in page) response.Pages = page.pages
    }
    if (shape.verbosity > 1) Object.assign(response, { UriDescription: endpoint.about, EndpointType: endpoint.type })
    if (shape.verbosity === 3) response.Timing = { Total: { time: 0.04, cycles: 1, objects: 0 } }
    return response
  }

  #page(
    endpoint: Endpoint,
    { list }: { list: Parameters<Paginate>[0] },
    path: string,
    query: URLSearchParams,
    kept: URLSearchParams,
  ) {
    for (const name of ['start', 'count']) kept.delete(name)
    const clamp = this.#parts.clamps[endpoint.type] ?? DEFAULT_CLAMP
    return this.#parts.paginate(list, { path, query, kept, defaultCount: endpoint.pageSize ?? DEFAULT_CLAMP, clamp })
  }

  #object(entity: Entity, shape: Shape): Record<string, unknown> {
    const { filter, filterUri } = shape
    const object: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(entity.fields)) if (!filter || filter.has(name)) object[name] = value
    object.Uri = entity.uri
    if (shape.verbosity > 1) object.UriDescription = entity.about
    const links = Object.entries(entity.links).filter(([name]) => !filterUri || filterUri.has(name))
    const uris: Record<string, unknown> = {}
    for (const [name, uri] of links) {
      const wanted = shape.expand.get(name)
      const expansion = wanted && this.#expand(uri, wanted)
      if (wanted?.inline) uris[name] = expansion
      else uris[name] = shape.shortUris ? uri : longLink(uri)
    }
    if (links.length > 0) object.Uris = uris
    return object
  }

  /** Fetches what a relation leads to. By reference it is put beside the response under its address, once. */
  #expand(uri: string, shape: Shape): unknown {
    if (!shape.inline && this.expansions.has(uri)) return undefined
    if (!shape.inline) this.expansions.set(uri, undefined)
    const sets = shape.args.length === 0 ? [new URLSearchParams()] : shape.args
    const results = sets.map((args) => this.#fetch(uri, args, shape))
    const result = shape.isMulti ? results : results[0]
    if (!shape.inline) this.expansions.set(uri, result)
    return result
  }

  #fetch(uri: string, query: URLSearchParams, shape: Shape): Record<string, unknown> {
    const at = endpointAt(uri)
    if (!at) return { Uri: uri, Code: 404, Message: 'Not Found' }
    const call: Call = { ...this.#parts, viewer: this.#viewer, ids: at.ids, query }
    const found = at.endpoint.find(call)
    if ('moved' in found) return this.#fetch(found.moved, query, shape)
    if ('refused' in found) {
      const { Response, ...rest } = refusal(found, at.endpoint, uri)
      return { ...Response, ...rest }
    }
    return this.response(at.endpoint, found, uri, query, shape)
  }
}

type Content = Exclude<Found, { moved: string } | { refused: number }>

const DEFAULT_CLAMP = 100

/** Control parameters are not repeated in addresses; all else is, OAuth's included (smugmug-api 3, 5). */
function keptIn(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => !name.startsWith('_') || name === '_pretty'))
}

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

/** `Options` comes with endpoints that take parameters, and with every one at the most verbose level (smugmug-api 3). */
function options(endpoint: Endpoint, { verbosity }: Shape): { Options?: Record<string, unknown> } {
  if (verbosity === 1 || (verbosity === 2 && endpoint.parameters === undefined)) return {}
  const GET = (endpoint.parameters ?? []).map((Name) => ({ Name, Required: false, ReadOnly: false }))
  const Options: Record<string, unknown> = {
    Methods: ['OPTIONS', 'GET'],
    Parameters: { GET },
    ParameterDescription: {},
  }
  if (verbosity === 3)
    Object.assign(Options, {
      MethodDetails: [],
      MediaTypes: ['application/json', 'text/html'],
      Output: [],
      Notes: [],
      Path: [],
    })
  return { Options }
}

function refusal({ refused, message }: { refused: number; message?: string }, { about, type }: Endpoint, uri: string) {
  const Message = message ?? { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[refused] ?? 'Error'
  return { Response: { Uri: uri, UriDescription: about, EndpointType: type }, Code: refused, Message }
}

/** What a client without `Accept: application/json` gets (smugmug-api 0.1). */
export function apiBrowser(status: number, body: unknown): Answer {
  return htmlAnswer(
    status,
    'SmugMug API',
    `<h1>API browser</h1><pre>${escapeHtml(JSON.stringify(body, null, 2))}</pre>`,
  )
}

function apacheRefusal(): Answer {
  return htmlAnswer(
    403,
    '403 Forbidden',
    '<h1>Forbidden</h1>\n<p>You don&#039;t have permission to access this resource.</p>',
  )
}

function split(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf('?')
  if (at < 0) return { path: target, query: new URLSearchParams() }
  return { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) }
}
