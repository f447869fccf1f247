import type { Image } from '../types.ts'
import { type KeywordChoice, keywordsOf } from './keywords.ts'
import { plainText, withoutForbidden } from './plain-text.ts'

/** What a person wrote about a picture, as text; '' or [] where nobody did. A title that is just the name of the file is none. */
export function wordsOf(image: Image, choice: KeywordChoice = 'all') {
  const title = withoutForbidden(image.title).trim()
  const isName = [image.fileName, image.raw.FileName].some((name) => String(name).trim() === title)
  return { title: isName ? '' : title, caption: plainText(image.caption), keywords: keywordsOf(image, choice) }
}
