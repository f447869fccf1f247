/** What a disk or a power cut leaves of a text, and nobody writes. */
export const ruins: readonly [name: string, ruined: (text: string) => string][] = [
  ['empty', () => ''],
  ['cut short', (text) => text.slice(0, text.length / 2)],
  ['full of zeros', (text) => '\0'.repeat(text.length - 1)],
  ['zeros in its middle', (text) => `${text.slice(0, 100)}${'\0'.repeat(8)}${text.slice(100)}`],
]
