/**
 * A line as several, none wider than `columns` and none broken within a word; what follows the first begins below its text. A word that is
 * wider itself, such as an address, stays whole, so that it can be copied.
 */
export function wrapped(line: string, columns: number, hanging = hangingOf(line, columns)): string[] {
  if (widthOf(line) <= columns) return [line]
  const lines: string[] = []
  let present = ''
  let used = 0
  // Each word with the space before it, which goes where the line is broken.
  for (const part of line.split(/(?<=\S)(?=\s)/u)) {
    const word = part.trimStart()
    const width = widthOf(part)
    if (used > 0 && used + widthOf(part.trimEnd()) > columns && word !== '') {
      lines.push(present)
      present = hanging + word
      used = widthOf(present)
    } else {
      present += part
      used += width
    }
  }
  return [...lines, present]
}

/** Below the last column of what is set in columns, where there is room; else below the line, a little to the right if it is indented. */
function hangingOf(line: string, columns: number): string {
  const [before = ''] = /^.*\S {2,}(?=\S)/u.exec(line) ?? []
  const width = widthOf(before)
  if (before !== '' && columns - width >= narrowest) return ' '.repeat(width)
  const [indent = ''] = /^ */.exec(line) ?? []
  return indent === '' ? '' : `${indent}  `
}

/** Columns in which a text can still be read. */
const narrowest = 20

/**
 * Columns that a terminal takes for it, nearly. string-width is right about more, and half as much work to load as Node is: too much for
 * what every command prints with, where being wrong moves a line's end by a column.
 */
function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) {
    if (character === '\t') width += 8
    else if (!/\p{Mark}|\p{Cf}/u.test(character)) width += isWide.test(character) ? 2 : 1
  }
  return width
}

const isWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3ffff}]/u
