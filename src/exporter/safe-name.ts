declare const safe: unique symbol

/** One name in a folder that is legal on Windows, macOS and Linux, and the same file on each. Cast by `safeName` and `uniqueNames` only. */
export type SafeName = string & { readonly [safe]: true }

/**
 * The name on disk for a display name, as close to it as all three systems allow; `fallback`, usually a key, when nothing is left of it.
 * At most `maxNameSize` long, a file's extension being kept. `safeName(safeName(x, k), k)` is `safeName(x, k)`, and later versions may
 * only loosen the rules: a name that was given once must come through unchanged.
 */
export function safeName(displayName: string, fallback: string): SafeName {
  return (legal(displayName) || legal(fallback) || '_') as SafeName
}

/**
 * Of 255 that nearly every file system takes: the rest is left to those who add to a name (`.xmp`, `.zip`, ` (2)`, the temporary name of a
 * sync program). eCryptfs takes only 143; there a longer name fails and is reported, which is better than shortening everybody's. A limit
 * for whole paths is not ours to keep, since nobody knows where the output will be moved to: Node opens paths beyond the 260 characters
 * of Windows, older programs there do not.
 */
export const maxNameSize = 200

/** What file systems count: bytes of UTF-8 (ext4, APFS), or UTF-16 units (NTFS, exFAT), which HFS+ counts after decomposing. */
export function nameSize(name: string): number {
  const bytes = Buffer.byteLength(name)
  // As many bytes as UTF-16 units: ASCII, which has no other form.
  return bytes === name.length ? bytes : Math.max(bytes, name.normalize('NFD').length)
}

/** The extension with its dot, or an empty one. It holds a letter (`Vol.2` and `2009.05.12` have none) and no more than 15 characters. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const at = name.search(/(?<=.)\.(?=[0-9]*[a-z])[a-z0-9]{1,15}$/is)
  return at === -1 ? { stem: name, extension: '' } : { stem: name.slice(0, at), extension: name.slice(at) }
}

/** The longest beginning of `text` within `size` that cuts through no visible character; empty when the first one is too long. */
export function shortened(text: string, size: number): string {
  if (nameSize(text) <= size) return text
  let left = size
  let end = 0
  for (const character of text) {
    left -= nameSize(character)
    if (left < 0) break
    end += character.length
  }
  const cut = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text).containing(end)
  return withoutTrailing(text.slice(0, cut?.index ?? end))
}

function legal(text: string): string {
  const name = unmistakable(withoutTrailing(replaced(cut(text)).replace(leading, '')))
  if (nameSize(name) <= maxNameSize) return name
  const { stem, extension } = splitExtension(name)
  // Again, because the cut may leave `CON` of `CON`, many spaces and more.
  return unmistakable((shortened(stem, maxNameSize - nameSize(extension)) || '_') + extension)
}

/**
 * Windows drops spaces and dots at the end of a name, so that `a.` is `a`, and Explorer those at the beginning. A joiner or a variation
 * selector has a meaning only after something, a joiner only before something too.
 */
const leading = /^[\s\u200C-\u200D\p{Variation_Selector}]+/u
const trailing = /[\s.\u200C-\u200D]/

/** By a loop: a pattern for the end of a text is tried at each place in it, and again for each character that follows. */
function withoutTrailing(text: string): string {
  let end = text.length
  while (end > 0 && trailing.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/**
 * SmugMug's own limit is 255 characters. What is far longer is no name, and is cut before it is cleaned: some of what Unicode asks for takes
 * a time that grows by the square (putting the accents of one letter in order).
 */
function cut(text: string): string {
  if (text.length <= 4096) return text
  return text.slice(0, 2048) + splitExtension(text.slice(-64)).extension
}

/**
 * What is forbidden somewhere becomes the plain ASCII that reads most like it: `5/6 Lax vs Scarsdale` is `5-6 Lax vs Scarsdale`,
 * `Italy: Rome` is `Italy - Rome`, `"Best of"` is `'Best of'`, `Why?` is `Why_`. (Full-width look-alikes would read better still, but who
 * could type them?) What cannot be seen goes without a trace, above all what turns the direction of text and shows `gpj.exe` as `exe.jpg`.
 * Joiners and variation selectors stay: Persian and Indic words, families of emoji and Japanese surnames need them, and no system objects.
 *
 * All this is done to the decomposed form, because a Mac may decompose the name later: `≮` would then hold a `<`.
 */
function replaced(text: string): string {
  if (plain.test(text)) return text
  return text
    .normalize('NFD')
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[[\p{Cc}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]--[\u200C-\u200D\p{Variation_Selector}]]/gv, '')
    .replace(/ ?: /g, ' - ')
    .replace(/[/\\|:]/g, '-')
    .replace(/"/g, "'")
    .replace(unwritable, '_')
    .normalize('NFC')
}

/** Printable ASCII without what Windows forbids, as most names are: nothing of it is replaced. */
const plain = /^[ !#-)+-.0-9;=@-[\]-{}~]*$/

/**
 * Beside what Windows forbids: half a surrogate pair has no UTF-8; APFS may refuse unassigned code points; and U+F000 to U+F0FF are how
 * WSL, Cygwin, CIFS and macOS's SMB write the forbidden ASCII, so that U+F02F would come back as `/`.
 */
const unwritable = /[<>?*\p{Surrogate}\p{Unassigned}\uF000-\uF0FF]/gu

/** Not hidden, not a device of Windows, and not the short name that Windows may have made for another file. */
function unmistakable(name: string): string {
  const long = name.replace(shortAlias, '$<start>_$<end>')
  return long.startsWith('.') || device.test(long) ? `_${long}` : long
}

/**
 * On NTFS and FAT `DSC000~1.JPG` opens `DSC0001234.JPG`, and `SMUGDL~1` opens `.smugdl`
 * (learn.microsoft.com/windows/win32/fileio/naming-a-file, "Short vs. Long Names").
 */
const shortAlias = /^(?<start>[^ .]{0,6})~(?<end>\d{1,6}(?:\.[^.]{1,3})?)$/u

/** Whatever its case and its extension, after spaces too (the same page, "Naming Conventions"): `nul .tar.gz` is the device. */
export const device = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i
