import stringWidth from 'string-width'

/**
 * Text that only shows: line breaks and tabs become spaces; control characters, the invisible marks that reorder a line
 * (bidi) and lone surrogates become `�`. A name that came over the network can then neither move the cursor nor lie.
 */
export function printable(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}')
    .toWellFormed()
}

/** `text` in at most `columns` columns of a terminal; what does not fit is cut off at the end and leaves a `…`. */
export function cutEnd(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  return `${fitting(graphemes(text), columns - 1).join('')}…`
}

/** As `cutEnd`, cut off at the start: of a path the file name matters most. */
export function cutStart(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  return `…${fitting(graphemes(text).reverse(), columns - 1)
    .reverse()
    .join('')}`
}

function fitting(parts: string[], columns: number): string[] {
  let used = 0
  const end = parts.findIndex((part) => {
    used += stringWidth(part)
    return used > columns
  })
  return end === -1 ? parts : parts.slice(0, end)
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
