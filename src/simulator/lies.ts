/**
 * What stands in an answer of status 200 that holds no list and no object (real-answers 3). None of them says that there
 * is nothing: a list that is empty has `Response.Pages.Total`.
 *
 * - `noResponse`: `{"Code":200,"Message":"Ok"}`
 * - `statFail`: the way API 1.x failed, `{"stat":"fail",…}`
 * - `responseArray`: `"Response": []`, as PHP writes an empty map
 * - `responseNull`: `"Response": null`
 * - `noPages`: a response with neither payload nor `Pages`
 * - `noTotal`: the payload is there, `Pages` says nothing
 * - `totalZero`: well formed and empty, whatever the list holds, as of a locked album
 * - `noPayload`: `Locator` names a payload that is not there; `Pages`, where there were any, are as they should be
 */
export const LIES = [
  'noResponse',
  'statFail',
  'responseArray',
  'responseNull',
  'noPages',
  'noTotal',
  'totalZero',
  'noPayload',
] as const

export type Lie = (typeof LIES)[number]

/** The right body of an answer as the lie leaves it. */
export function lied(right: string, lie: Lie): string {
  return JSON.stringify(bodyOf(lie, responseIn(right)))
}

function bodyOf(lie: Lie, Response: Record<string, unknown>): Record<string, unknown> {
  const ok = { Code: 200, Message: 'Ok' }
  const { Pages, Locator } = Response
  const bare = Object.fromEntries(Object.entries(Response).filter(([name]) => name !== Locator && name !== 'Pages'))
  switch (lie) {
    case 'noResponse':
      return ok
    case 'statFail':
      return { stat: 'fail', method: 'smugmug.images.get', code: 5, message: 'system error' }
    case 'responseArray':
      return { Response: [], ...ok }
    case 'responseNull':
      return { Response: null, ...ok }
    case 'noPages':
      return { Response: bare, ...ok }
    case 'noTotal':
      return { Response: { ...Response, Pages: {} }, ...ok }
    case 'totalZero':
      return { Response: { ...bare, Pages: { Total: 0, Start: 1, Count: 0, RequestedCount: 100 } }, ...ok }
    case 'noPayload':
      return { Response: Pages === undefined ? bare : { ...bare, Pages }, ...ok }
    default:
      return lie satisfies never
  }
}

/** Nothing of what is no answer of the API: a picture, a page. */
function responseIn(body: string): Record<string, unknown> {
  if (!body.startsWith('{')) return {}
  const { Response } = JSON.parse(body) as { Response?: Record<string, unknown> }
  return Response ?? {}
}
