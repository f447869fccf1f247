import stringWidth from 'string-width'

/** A terminal as far as the live area uses one: text, line feeds, cursor up, erase to the end, wrapping on and off. Anything else throws. */
export function screenOf(output: string, columns: number): string[] {
  const rows: string[] = ['']
  let row = 0
  let wraps = true
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

  function put(character: string): void {
    const line = rows[row] ?? ''
    if (stringWidth(line) + stringWidth(character) <= columns) rows[row] = line + character
    else if (wraps) {
      down()
      rows[row] = character
    }
  }

  function down(): void {
    row++
    if (row === rows.length) rows.push('')
  }

  for (const part of output.split(/(\x1b\[\??\d*[A-Za-z]|\n|\r)/u)) {
    if (part === '\n') down()
    else if (part === '\r' || part === '') continue
    else if (part === '\x1b[J') {
      rows.length = row + 1
      rows[row] = ''
    } else if (part === '\x1b[?7l') wraps = false
    else if (part === '\x1b[?7h') wraps = true
    else if (/^\x1b\[\d+A$/u.test(part)) row = Math.max(0, row - Number.parseInt(part.slice(2), 10))
    else if (/\p{Control}/u.test(part)) throw new Error(`An unknown control sequence: ${JSON.stringify(part)}`)
    else for (const { segment } of segmenter.segment(part)) put(segment)
  }
  return rows
}
