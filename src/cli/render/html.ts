import { printable } from '../../app/text/printable.ts'

/** A piece of a page: made by `html`, so that nothing gets into a page unescaped. */
export class Html {
  readonly text: string

  /** Use `html`; this is for text that is known to be HTML already. */
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | readonly Part[]

/** A piece of HTML. Whatever is put into it is text and only shows, unless it is HTML itself; lists come one after the other. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: pieces }, ...parts.map(written)))
}

function written(part: Part): string {
  if (part instanceof Html) return part.text
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(printable(part))
  return part.map(written).join('')
}

/** Right within an element and within an attribute in double quotes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
