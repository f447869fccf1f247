import { type Answer, escapeHtml, htmlAnswer, jsonAnswer, redirectAnswer } from './answer.ts'
import { endpointAt } from './endpoints.ts'
import { Rendering, type RenderingParts, refusal } from './rendering.ts'
import type { Endpoint, Viewer } from './resource.ts'
import { MalformedConfig, type Shape, shapeOf } from './shape.ts'

export interface ApiRequest {
  method: string
  /** Path and query as sent. */
  target: string
  acceptsJson: boolean
  viewer: Viewer
}

export interface ApiParts extends Omit<RenderingParts, 'viewer'> {
  /** Whether `_filter` in the query trims expanded objects too. */
  filterReach: 'root' | 'expansions'
  /** Milliseconds that each image takes of a list of an album's. */
  listCostMs: number
}

/** Answers requests below `/api/v2`: finds the resource, has it rendered and puts it in its envelope (smugmug-api 3). */
export function api({ filterReach, listCostMs, ...parts }: ApiParts): (request: ApiRequest) => Answer {
  return ({ method, target, acceptsJson, viewer }) => {
    if (target.length > LONGEST_TARGET) return apacheRefusal()
    const { path, queryText, query } = split(target)
    const say = (status: number, body: Record<string, unknown>): Answer =>
      acceptsJson ? jsonAnswer(status, body, query.has('_pretty')) : apiBrowser(status, body)
    if (method !== 'GET' && method !== 'OPTIONS') return say(405, { Code: 405, Message: 'Method Not Allowed' })
    const at = endpointAt(path)
    if (!at) return say(404, { Response: { Uri: target }, Code: 404, Message: 'Not Found' })

    if (method === 'OPTIONS') return say(200, { ...described(at.endpoint), Code: 200, Message: 'Ok' })
    const found = at.endpoint.find({ ...parts, viewer, ids: at.ids, query })
    if ('moved' in found) return redirectAnswer(301, query.size === 0 ? found.moved : `${found.moved}?${query}`)
    if ('refused' in found) return say(found.refused, refusal(found, at.endpoint, target))
    try {
      const shape = shapeOf(query, filterReach)
      const rendering = new Rendering({ ...parts, viewer })
      const Response = rendering.response(at.endpoint, found, path, queryText, shape)
      const answer = say(200, {
        ...(shape.verbosity === 3 ? { Request: { Version: 'v2', Method: 'GET', Uri: target } } : {}),
        ...options(at.endpoint, shape),
        Response,
        Code: 200,
        Message: 'Ok',
        ...(rendering.expansions.size > 0 ? { Expansions: Object.fromEntries(rendering.expansions) } : {}),
      })
      const { AlbumImage } = Response
      return Array.isArray(AlbumImage) && listCostMs > 0
        ? { ...answer, delayMs: AlbumImage.length * listCostMs }
        : answer
    } catch (error) {
      if (error instanceof MalformedConfig) return say(400, { Code: 400, Message: error.message })
      throw error
    }
  }
}

/** What a client without `Accept: application/json` gets (smugmug-api 0.1). */
export function apiBrowser(status: number, body: unknown): Answer {
  return htmlAnswer(
    status,
    'SmugMug API',
    `<h1>API browser</h1><pre>${escapeHtml(JSON.stringify(body, null, 2))}</pre>`,
  )
}

/** Some hundred keys in one address are more than Apache takes (smugmug-api 6.3: 350 work, 792 do not). */
const LONGEST_TARGET = 7500

function apacheRefusal(): Answer {
  return htmlAnswer(
    403,
    '403 Forbidden',
    '<h1>Forbidden</h1>\n<p>You don&#039;t have permission to access this resource.</p>',
  )
}

/** `Options` comes with endpoints that take parameters, and with every one at the most verbose level (smugmug-api 3). */
function options(endpoint: Endpoint, { verbosity }: Shape): { Options?: Record<string, unknown> } {
  if (verbosity === 1 || (verbosity === 2 && endpoint.parameters === undefined)) return {}
  const { Options } = described(endpoint)
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

/** What `OPTIONS` says of an endpoint: the parameters that it takes (real-answers 4.2). */
function described({ parameters = [] }: Endpoint): { Options: Record<string, unknown> } {
  const GET = parameters.map((Name) => ({ Name, Required: false, ReadOnly: false }))
  return { Options: { Methods: ['OPTIONS', 'GET'], Parameters: { GET }, ParameterDescription: {} } }
}

function split(target: string): { path: string; queryText: string; query: URLSearchParams } {
  const [path = '', queryText = ''] = target.split(/\?(.*)/s)
  return { path, queryText, query: new URLSearchParams(queryText) }
}
