/** JSON values of about so many characters that are cheap to send and dear to read. */
export const junk: Readonly<Record<string, (length: number) => string>> = {
  'empty lists': (length) => list('[]', length),
  'empty objects': (length) => list('{}', length),
  'numbers of one digit': (length) => list('1', length),
  'large numbers': (length) => list('1e308', length),
  'one number': (length) => '9'.repeat(length),
  'lists in lists': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
  'objects in objects': (length) => `${'{"a":'.repeat(length / 6)}1${'}'.repeat(length / 6)}`,
  'keys of one object': (length) => `{${numbered((word) => `"${word}":1`, length)}}`,
  'objects of unlike keys': (length) => `[${numbered((word) => `{"${word}":1}`, length)}]`,
  'unlike texts': (length) => `[${numbered((word) => `"${word}"`, length)}]`,
  'one text': (length) => `"${'a'.repeat(length)}"`,
  'one text of wide characters': (length) => `"${'a'.repeat(length - 4)}🌙"`,
  'one text of escapes': (length) => `"${'\\u0416'.repeat(length / 6)}"`,
}

function list(item: string, length: number): string {
  return `[${`${item},`.repeat(length / (item.length + 1))}${item}]`
}

function numbered(item: (word: string) => string, length: number): string {
  const items: string[] = []
  for (let at = 0, n = 0; at < length; n++) {
    const text = item(n.toString(36))
    items.push(text)
    at += text.length + 1
  }
  return items.join()
}
