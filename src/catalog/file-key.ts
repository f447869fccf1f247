/** Which file of which image, in which album. A row of a listing, a delivery or a failure is such a key itself. */
export interface FileKey {
  readonly album: string
  /** ImageKey. */
  readonly image: string
  /** '', or absent, for the image itself; a name for what SmugMug keeps with it, as the RAW file that it was made from. */
  readonly component?: string
}

/** One text for a file in its album: the image's key alone where it is the image itself. */
export function fileId({ image, component = '' }: Pick<FileKey, 'image' | 'component'>): string {
  return component === '' ? image : `${image} ${component}`
}

/** The key alone, of a row that is one. */
export function keyOf({ album, image, component = '' }: FileKey): Required<FileKey> {
  return { album, image, component }
}
