import type { Clock } from './clock.ts'
import type { HttpRequest, HttpResponse, Send } from './http.ts'

/** What the server's own clock says, from the `Date` of its newest answer: its instants are compared with that, whatever time it is here. */
export function serverClock<Body, More>(
  send: Send<Body, More>,
  clock: Clock,
): { send: Send<Body, More>; now(): number } {
  let offsetMs = 0
  return {
    async send(request: HttpRequest): Promise<HttpResponse<Body> & More> {
      const response = await send(request)
      const theirs = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(theirs)) offsetMs = theirs - clock.now()
      return response
    },
    now: () => clock.now() + offsetMs,
  }
}
