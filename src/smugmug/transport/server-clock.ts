import type { Clock } from './clock.ts'
import type { HttpRequest, HttpResponse, Send } from './http.ts'

/** The server's own clock, from the `Date` of its newest answer. The server's times are compared with it, whatever the local time is. */
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
