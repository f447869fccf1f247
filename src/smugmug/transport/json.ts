import { AnswerTooLarge } from './answer-too-large.ts'
import { addressOf, type HttpResponse } from './http.ts'

/** The JSON of an answer; undefined if it is not JSON. Throws `AnswerTooLarge` if parsing it would use too much memory. */
export function jsonOf({ body, url }: Pick<HttpResponse<string>, 'body' | 'url'>): unknown {
  if (!hasFewParts(body)) throw new AnswerTooLarge(addressOf(url))
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * Maximum number of parts. The richest captured record has 530, and a page has 100 records. Once parsed, each part takes up to a hundred bytes,
 * even an empty list, whose text has two.
 */
const MOST_PARTS = 500_000

/** A part of JSON begins with a bracket, a comma or a colon outside of strings. */
function hasFewParts(json: string): boolean {
  if (json.length <= MOST_PARTS) return true
  let parts = 0
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) isText = !isText
    else if (isText) at += code === BACKSLASH ? 1 : 0
    else if (BEGINS.has(code)) parts++
  }
  return parts <= MOST_PARTS
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BEGINS = new Set(Array.from('[{,:', (character) => character.charCodeAt(0)))
