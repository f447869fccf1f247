import { AnswerTooLarge } from './answer-too-large.ts'
import { addressOf, type HttpResponse } from './http.ts'

/** The JSON of an answer; undefined where it is none. Throws `AnswerTooLarge` for what would fill the memory when it is read. */
export function jsonOf({ body, url }: Pick<HttpResponse<string>, 'body' | 'url'>): unknown {
  if (!hasFewParts(body)) throw new AnswerTooLarge(addressOf(url))
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * The richest record that was captured has 530 parts, and a page has 100. What is read takes up to a hundred bytes for each part, an
 * empty list as well, whose text has two.
 */
const MOST_PARTS = 500_000

/** A part of JSON begins with a bracket, a comma or a colon, but within a text. */
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
