import sanitize from 'sanitize-html'

/** HTML that is safe as it stands. */
export type Html = { readonly html: string }

/** A template of HTML: inserted values are text, unless they are `Html` or a list of it. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number | undefined)[]
): Html {
  let text = parts[0] ?? ''
  for (const [index, value] of values.entries()) text += markup(value) + (parts[index + 1] ?? '')
  return { html: text }
}

function markup(value: Html | readonly Html[] | string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'object') return 'html' in value ? value.html : value.map((each) => each.html).join('')
  return escaped(String(value))
}

function escaped(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // What is not allowed in HTML, and what turns the direction of all that follows.
      .replace(/[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '')
  )
}

/** Text typed on SmugMug, which may contain HTML: a few harmless elements are kept, everything else becomes text. */
export function typed(text: string): Html {
  if (!/[<&]/.test(text)) return { html: escaped(text).replaceAll('\n', '<br>') }
  const safe = sanitize(text.replace(/\r\n?|\n/g, '<br>'), {
    allowedTags: ['b', 'strong', 'i', 'em', 'u', 'br', 'p', 'a'],
    allowedAttributes: { a: ['href', 'rel'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    transformTags: { a: sanitize.simpleTransform('a', { rel: 'noreferrer nofollow' }) },
  })
  return { html: safe }
}
