import { globMatcher } from '../account/glob.ts'
import { isOnPage, pageAddress } from '../account/page-address.ts'

/** The searchable text of an image in an album. */
export interface Searchable {
  imageKey: string
  /** Its own names, the parts of its album's path and its description, its title and its caption: each is one name, in which slashes do not separate. */
  texts: readonly string[]
  keywords: readonly string[]
  /** `folder/…/album/name`, and paths at home relative to the output. */
  paths: readonly string[]
  /** The album's address on SmugMug, without its host. */
  urlPath: string
}

/**
 * Whether an image matches the query: all words occur in its names, texts, keywords or paths; or a glob matches one of these completely; or
 * the query is its key, or the address of its page, its album or a folder. `path`: the query as a path relative to the output, if it is in
 * there. Case and accents are ignored.
 */
export function searchMatcher(asked: string, path: string | undefined): (image: Searchable) => boolean {
  const page = pageAddress(asked)
  if (page !== undefined)
    return (image) => (page.image === undefined ? isOnPage(image, page) : image.imageKey === page.image)
  const words = folded(asked).split(/\s+/u)
  const isGlob = /[*?[{]/.test(asked) ? globMatcher(folded(asked)) : () => false
  const place = path === undefined ? undefined : folded(path)
  return ({ imageKey, texts, keywords, paths }) => {
    if (imageKey === asked) return true
    const all = [...texts, ...keywords].map(folded)
    const places = paths.map(folded)
    if (place !== undefined && places.some((each) => each === place || each.startsWith(`${place}/`))) return true
    if (all.some((text) => isGlob(text.replaceAll('/', ' '))) || places.some(isGlob)) return true
    const together = [...all, ...places].join('\n')
    return words.every((word) => together.includes(word))
  }
}

/** Without accents, in lower case. */
function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
