/** Identifies a file of an image in an album. A row of a listing, a delivery or a failure is itself such a key. */
export interface FileKey {
  readonly album: string
  /** ImageKey. */
  readonly image: string
  /** '' or absent for the image itself; a name for a file that SmugMug keeps with it, such as the RAW file that it was made from. */
  readonly component?: string
}

/** A string that identifies a file in its album: the image's key alone for the image itself. */
export function fileId({ image, component = '' }: Pick<FileKey, 'image' | 'component'>): string {
  return component === '' ? image : `${image} ${component}`
}

/** The key fields alone, of a row that contains them. */
export function keyOf({ album, image, component = '' }: FileKey): Required<FileKey> {
  return { album, image, component }
}
