/**
 * A path of names as an address relative to a page: every name encoded, `/` between them (`#`, `?` and `%` are names too on a disk). Never to a folder: from the
 * disk a browser shows a listing there.
 */
export function addressOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Pictures lie beside the gallery, or below `base`. */
export function fileAddress(path: string, base: string): string {
  return base === '' ? `../../${addressOf(path)}` : `${base.endsWith('/') ? base : `${base}/`}${addressOf(path)}`
}
