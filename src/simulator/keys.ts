import { hash } from 'node:crypto'

/**
 * A made-up key as SmugMug makes them: letters without vowels and digits, in mixed case. The same seed gives the same
 * key; what is `taken` is passed over.
 */
export function makeKey(seed: string, length: number, taken: (key: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const digest = hash('sha1', `${seed}#${attempt}`, 'buffer')
    let key = ''
    for (const byte of digest.subarray(0, length)) key += ALPHABET[byte % ALPHABET.length]
    if (!taken(key)) return key
  }
}

/** The last part of a `UrlPath`: ASCII, begins with a capital or a digit, at most 30 characters, not one of `taken` (smugmug-api 9.1). */
export function makeUrlName(name: string, taken: (urlName: string) => boolean): string {
  const ascii = name
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 30)
  const slug = ascii === '' ? 'Gallery' : ascii.charAt(0).toUpperCase() + ascii.slice(1)
  if (!taken(slug)) return slug
  for (let n = 1; ; n++) if (!taken(`${slug}-${n}`)) return `${slug}-${n}`
}

const ALPHABET = 'bcdfghjkmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ23456789'
