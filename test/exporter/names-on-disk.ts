import fc from 'fast-check'

/**
 * What three systems say of a name, written from their documents and sharing nothing with the code under test: learn.microsoft.com,
 * "Naming Files, Paths, and Namespaces"; Apple's TN1150 for HFS+; path_resolution(7). Empty when all of them take it.
 */
export function objections(name: string): string[] {
  const found: string[] = []
  const codes = Array.from(name, (character) => character.codePointAt(0) ?? 0)
  if (name === '') found.push('empty')
  if (name !== name.normalize('NFC')) found.push('not NFC')
  if (!name.isWellFormed()) found.push('half a surrogate pair')
  if (codes.some((code) => code < 32 || (code >= 127 && code < 160))) found.push('control character')
  if (codes.some((code) => bidiControls.has(code))) found.push('turns the direction of text')
  for (const form of [name, name.normalize('NFD')]) {
    for (const character of '<>:"/\\|?*') if (form.includes(character)) found.push(`contains ${character}`)
  }
  if (name.startsWith('.')) found.push('hidden')
  if (name.startsWith(' ') || name.endsWith(' ') || name.endsWith('.')) found.push('space or dot at an end')
  const [base = ''] = name.split('.')
  if (devices.has(base.trimEnd().toUpperCase())) found.push('device')
  if (new TextEncoder().encode(name).length > 255 - 55) found.push('too many bytes')
  if (name.length > 255 - 55 || name.normalize('NFD').length > 255 - 55) found.push('too many UTF-16 units')
  const dot = name.lastIndexOf('.')
  const [first, last] = dot === -1 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)]
  if (first.length <= 8 && last.length <= 3 && /~\d+$/.test(first) && !/[ .]/.test(first)) found.push('short alias')
  return found
}

/** How each kind of file system tells names apart: two names it maps to one string are one file there. */
export const fileSystems: Readonly<Record<string, (name: string) => string>> = {
  ext4: (name) => name,
  apfs: (name) => folded(name.normalize('NFD')),
  hfsPlus: (name) =>
    Array.from(folded(name.normalize('NFD')))
      .filter((c) => !ignoredByHfsPlus(c))
      .join(''),
  ntfs: (name) =>
    Array.from(name.replace(/[ .]+$/, ''), (c) => (c.toUpperCase().length === c.length ? c.toUpperCase() : c)).join(''),
  zfsFormKD: (name) => folded(name.normalize('NFKD')),
}

/** Names that have hurt somebody, and pieces to make more of them. */
export const nastyName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...pieces()), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom(...pieces()), fc.integer({ min: 1, max: 300 })).map(([piece, times]) => piece.repeat(times)),
  fc
    .tuple(
      fc.constantFrom('CON', 'a', 'ΐ', '각', '🙂'),
      fc.constantFrom(' ', '.', ' .', 'x', '\u0301'),
      fc.integer({ min: 150, max: 260 }),
    )
    .map(([start, filler, times]) => `${start}${filler.repeat(times)}x.jpg`),
)

function pieces(): string[] {
  return [
    ...[
      'a',
      'A',
      'b',
      'ß',
      'ẞ',
      'SS',
      'ı',
      'I',
      'i',
      'İ',
      'Σ',
      'σ',
      'ς',
      'ſ',
      'K',
      'K',
      'µ',
      'ﬁ',
      'é',
      'e\u0301',
      '각',
      'ΐ',
      '≮',
      '½',
    ],
    ...[
      '.',
      '..',
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '\0',
      '\x7f',
      '\x9b',
      '\u00a0',
      '\u3000',
      '\u2028',
      '/',
      '\\',
      ':',
      '*',
      '?',
      '"',
      '<',
      '>',
      '|',
    ],
    ...['CON', 'con', 'prn', 'Aux', 'NUL', 'COM0', 'COM1', 'com¹', 'LPT9', 'lpt³', 'CONIN$', 'conout$', 'CLOCK$'],
    ...[
      '\u202e',
      '\u200e',
      '\u061c',
      '\u2066',
      '\u200b',
      '\u200c',
      '\u200d',
      '\ufe0f',
      '\ufeff',
      '\u00ad',
      '\u034f',
      '\u{e0067}',
      '\u3164',
    ],
    ...[
      '\ud83d',
      '\ude42',
      '👩‍👩‍👧',
      '❤️',
      '葛󠄀',
      '\uffff',
      '\u0378',
      '\uf02f',
      '\uf8ff',
      '\u0301',
      '\u0338',
      '=',
      '~1',
      '~12',
      'SMUGDL~1',
    ],
    ...[
      '.jpg',
      '.JPG',
      '.jpeg',
      '.tar.gz',
      '.smugdl',
      'IMG_0001',
      ' [K1]',
      ' [k1]',
      '[',
      ']',
      '-',
      '_',
      "'",
      '5/6 Lax vs Scarsdale',
      'x'.repeat(199),
    ],
  ]
}

const devices = new Set([
  ...['CON', 'PRN', 'AUX', 'NUL', 'CONIN$', 'CONOUT$'],
  ...['COM', 'LPT'].flatMap((port) => Array.from('0123456789¹²³', (digit) => port + digit)),
])

const bidiControls = new Set([
  0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
])

function folded(name: string): string {
  return Array.from(name, (c) => c.toUpperCase().toLowerCase())
    .join('')
    .normalize('NFD')
}

function ignoredByHfsPlus(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  const between = (from: number, to: number) => code >= from && code <= to
  return between(0x200c, 0x200f) || between(0x202a, 0x202e) || between(0x206a, 0x206f) || code === 0xfeff
}
