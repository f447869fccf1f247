/**
 * Text that only shows: line breaks and tabs become spaces; control characters, the invisible marks that reorder a line
 * (bidi) and lone surrogates become `�`. A name that came over the network can then neither move the cursor nor lie.
 */
export function printable(text: string): string {
  return printableLines(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' '))
}

/** As `printable`, for text that may have lines and tabs of its own. */
export function printableLines(text: string): string {
  return text
    .replace(/(?![\t\n])[\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}')
    .toWellFormed()
}
