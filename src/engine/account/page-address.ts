import { uriDecoded } from '../../uri-decoded.ts'

/** What the address of a page on SmugMug refers to. */
export interface Page {
  /** Path of a folder or album, `/Travel/2024/Rome`; empty for the whole account. */
  readonly urlPath: string
  /** ImageKey, if it is the page of a picture. */
  readonly image?: string
}

/** Parses a copied address, either with `https://` and any domain, or below `smugmug.com`. Undefined for any other text. */
export function pageAddress(text: string): Page | undefined {
  const given = text.trim()
  const isAddress = /^https?:\/\//i.test(given) || /^[\w-]+\.smugmug\.com(?:\/|$)/i.test(given)
  const url = isAddress ? URL.parse(given.includes('://') ? given : `https://${given}`) : null
  if (url === null) return undefined
  const names = url.pathname.split('/').filter(Boolean).map(uriDecoded)
  const at = names.findIndex((name) => /^i-\w+$/.test(name))
  const image = names[at]?.slice(2)
  // The address of an unlisted album has its number behind the path.
  const around = (at === -1 ? names : names.slice(0, at)).filter((name) => !name.startsWith('n-'))
  return { urlPath: around.map((name) => `/${name}`).join(''), ...(image !== undefined && { image }) }
}

/** Whether this is the page of the album, or of a folder around it. */
export function isOnPage({ urlPath }: { readonly urlPath?: string | undefined }, page: Page): boolean {
  const own = `${urlPath ?? ''}/`.toLowerCase()
  return own.startsWith(`${page.urlPath}/`.toLowerCase())
}
