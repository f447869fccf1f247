import type { Image } from '../types.ts'
import { withoutForbidden } from './plain-text.ts'

/** Which keywords of a picture: `all`, or those that were typed, without those that SmugMug made of the file's name. */
export type KeywordChoice = 'all' | 'typed'

/**
 * The keywords of a picture, trimmed, each once, none split at its commas. SmugMug makes keywords of file names: `fungi-0051.jpg` has `fungi`
 * and `0051`. `typed` leaves out each that is a part of the file's name of three characters or more, whatever its case.
 */
export function keywordsOf(image: Pick<Image, 'keywords' | 'fileName' | 'raw'>, choice: KeywordChoice): string[] {
  const listed = image.keywords.length > 0 ? image.keywords : typedList(image.raw.Keywords)
  const keywords = [
    ...new Set(listed.map((keyword) => withoutForbidden(keyword).trim()).filter((keyword) => keyword !== '')),
  ]
  if (choice === 'all') return keywords
  const parts = new Set(
    image.fileName
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((part) => part.length >= 3),
  )
  return keywords.filter((keyword) => !parts.has(keyword.toLowerCase()))
}

/** As SmugMug writes them into one text: `Paris; "New York"; sea`. */
function typedList(keywords: unknown): string[] {
  return typeof keywords === 'string' ? keywords.split(';').map((keyword) => keyword.replaceAll('"', '')) : []
}
