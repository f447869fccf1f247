// Apart from printable.ts, because loading string-width takes half as long as starting Node, and few commands cut.
import stringWidth from 'string-width'

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
