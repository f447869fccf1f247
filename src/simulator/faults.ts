import { type Answer, htmlAnswer, jsonAnswer, redirectAnswer, textAnswer } from './answer.ts'
import { concat, contentOf, flipBit, readAll, slice } from './content.ts'
import { type Lie, lied } from './lies.ts'
import type { RequestKind, Rules } from './rules.ts'

/** What can go wrong with an answer. Bytes are counted in the body. */
export type Fault =
  /** Another answer; the body is by default what SmugMug sends with that status. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** The right answer, later; ends when the simulator closes. */
  | { kind: 'delay'; ms: number }
  /** The right answer, when the test says so; ends when the simulator closes. */
  | { kind: 'held'; until: Promise<unknown> }
  /** The connection is reset, before the headers unless `afterBytes` of the body are to come first. */
  | { kind: 'reset'; afterBytes?: number }
  /** `Content-Length` is right, but the connection ends after `afterBytes`, by default half. */
  | { kind: 'truncated'; afterBytes?: number }
  /** Headers and `afterBytes` (by default half) of the body, then nothing more on an open connection. */
  | { kind: 'stalled'; afterBytes?: number }
  /** `missingBytes` (by default one) fewer than there should be, with a `Content-Length` that agrees. */
  | { kind: 'short'; missingBytes?: number }
  /** More than there should be, with a `Content-Length` that agrees. */
  | { kind: 'longer'; extraBytes?: number }
  /** As long as it should be, but one bit is wrong. */
  | { kind: 'flipped' }
  | { kind: 'empty' }
  /** An HTML page with status 200. */
  | { kind: 'html' }
  /** Status 200 and JSON that holds neither list nor object. */
  | { kind: 'lie'; lie: Lie }
  /** 401 with `oauth_problem=…`: `nonce_used`, `timestamp_refused`, … */
  | { kind: 'oauthProblem'; problem: string }
  /** `nonce_used` for pages of more than this number of items: they take so long that the front asks again itself (real-answers 3.3). */
  | { kind: 'slowPage'; most: number }
  /** Status 200 and `application/json`, but not JSON. */
  | { kind: 'badJson' }
  /** The right JSON, but its second half is missing. */
  | { kind: 'cutJson' }
  /** The right JSON, changed: what is well-formed and not true. */
  | { kind: 'edited'; edit: (answer: JsonAnswer) => unknown }
  /** Other bytes instead of the right ones: what no object becomes by `JSON.stringify`, compressed ones. */
  | { kind: 'rewritten'; rewrite: (text: string) => string | Buffer; headers?: Record<string, string> }
  /** To a path or an address. */
  | { kind: 'redirect'; to: string; status?: 301 | 302 | 303 | 307 | 308 }
  | { kind: 'tooManyRequests'; retryAfterSeconds: number | string }

export type Faults = Rules<Fault>

/** An answer of the API as it stands, to be changed at will. */
export type JsonAnswer = { Response: Record<string, unknown>; [name: string]: unknown }

/** The answer as a fault leaves it. */
export function afflict(answer: Answer, fault: Fault, kind: RequestKind): Answer {
  const { body } = answer
  const half = Math.floor(body.size / 2)
  switch (fault.kind) {
    case 'status': {
      const plain = statusAnswer(fault.status, kind)
      const replaced = fault.body === undefined ? plain : { ...plain, body: contentOf(fault.body) }
      return { ...replaced, headers: { ...replaced.headers, ...fault.headers } }
    }
    case 'delay':
      return { ...answer, delayMs: (answer.delayMs ?? 0) + fault.ms }
    case 'held':
      return { ...answer, heldUntil: fault.until }
    case 'reset':
      return { ...answer, cut: { afterBytes: fault.afterBytes ?? -1, how: 'reset' } }
    case 'truncated':
      return { ...answer, cut: { afterBytes: fault.afterBytes ?? half, how: 'end' } }
    case 'stalled':
      return { ...answer, cut: { afterBytes: fault.afterBytes ?? half, how: 'stall' } }
    case 'short':
      return { ...answer, body: slice(body, 0, Math.max(body.size - (fault.missingBytes ?? 1), 0)) }
    case 'longer':
      return { ...answer, body: concat(body, contentOf(Buffer.alloc(fault.extraBytes ?? 1, 0x2e))) }
    case 'flipped':
      return body.size === 0 ? answer : { ...answer, body: flipBit(body, half) }
    case 'empty':
      return { ...answer, body: contentOf('') }
    case 'html':
      return htmlAnswer(200, 'SmugMug', '<h1>We will be right back</h1>')
    case 'lie': {
      const content = contentOf(lied(readAll(body).toString(), fault.lie))
      return { ...answer, status: 200, headers: { ...answer.headers, 'Content-Type': JSON_TYPE }, body: content }
    }
    case 'oauthProblem':
      return jsonAnswer(401, { Code: 401, Message: `oauth_problem=${fault.problem}` })
    case 'slowPage':
      return requestedCount(body) > fault.most
        ? afflict(answer, { kind: 'oauthProblem', problem: 'nonce_used' }, kind)
        : answer
    case 'badJson':
      return textAnswer(200, JSON_TYPE, 'Warning: Division by zero {"Response":')
    case 'cutJson':
      return { ...answer, body: contentOf(readAll(body).subarray(0, half)) }
    case 'edited':
      return { ...answer, body: contentOf(JSON.stringify(fault.edit(JSON.parse(readAll(body).toString())))) }
    case 'rewritten':
      return {
        ...answer,
        headers: { ...answer.headers, ...fault.headers },
        body: contentOf(fault.rewrite(readAll(body).toString())),
      }
    case 'redirect':
      return redirectAnswer(fault.status ?? 302, fault.to)
    case 'tooManyRequests': {
      const plain = statusAnswer(429, kind)
      return { ...plain, headers: { ...plain.headers, 'Retry-After': String(fault.retryAfterSeconds) } }
    }
    default:
      return fault satisfies never
  }
}

/** Of a list, 0 of anything else. */
function requestedCount(body: Answer['body']): number {
  return Number(/"RequestedCount":(\d+)/.exec(readAll(body).toString())?.[1] ?? 0)
}

const JSON_TYPE = 'application/json; charset=utf-8'

function statusAnswer(status: number, kind: RequestKind): Answer {
  const message = STATUS_TEXT[status] ?? 'Error'
  return kind === 'media'
    ? htmlAnswer(status, `${status} ${message}`, `<h1>${message}</h1>`)
    : jsonAnswer(status, { Code: status, Message: message })
}

const STATUS_TEXT: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
