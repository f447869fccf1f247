import { decodeHTMLStrict } from 'entities'

/**
 * What a reader sees of a text that may hold HTML, as captions on SmugMug do (smugmug-api 9.9): `<br>` and the ends of paragraphs become line
 * breaks, other tags go, entities are decoded once. A `<` that begins no tag stays. Line breaks are `\n`.
 */
export function plainText(html: string): string {
  const lines = html
    .replace(/\r\n?/g, '\n')
    .replace(/<br[\s/]*>\n?/gi, '\n')
    .replace(/<\/p\s*>\s*<p[^<>]*>/gi, '\n\n')
    .replace(/<\/(?:p|div|li|h[1-6])\s*>\n?/gi, '\n')
    // No `<` within, so that nothing is scanned twice.
    .replace(/<[/!a-z][^<>]*>/gi, '')
  return withoutForbidden(decodeHTMLStrict(lines)).trim()
}

/** Without what XML 1.0 has no place for (section 2.2), and nobody sees: a caption of nothing else says nothing. */
export function withoutForbidden(text: string): string {
  return text.replace(forbidden, '')
}

const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
