import { posix } from 'node:path'

/**
 * Whether a path or a name is meant by a pattern: one that equals it, whatever characters that has, or a glob. Upper or lower case, `*`
 * within a name, `**` across `/`, `\` before a character that stands for itself.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let name = text.toLowerCase()
  if (name === pattern.toLowerCase()) return true
  // `path.matchesGlob` knows no escape: what has one is replaced on both sides, by a character that means nothing.
  const glob = pattern.toLowerCase().replace(/\\(.)/gsu, (_, character: string) => {
    name = name.replaceAll(character, standIn(character))
    return standIn(character)
  })
  return posix.matchesGlob(name, glob)
}

/** A pattern for this text only. */
export function literal(text: string): string {
  return text.replace(/[*?[\]{}()!+@\\#]/g, '\\$&')
}

/** Of Unicode's private use, so in no name. */
function standIn(character: string): string {
  return String.fromCodePoint(0xf_0000 + (character.codePointAt(0) ?? 0))
}
