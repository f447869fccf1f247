import { splitExtension } from './safe-name.ts'

/**
 * The file name to ask for an image (it is not safe yet). What was uploaded under a name keeps it; without one (old and migrated pictures
 * have none) it is the key with the extension of `format`. `extension`, with or without its dot, is that of what is really downloaded:
 * where it means another type, as with a transcode, it takes the place of the uploaded one, `clip.mov` becoming `clip.mp4`.
 * No image is called as what we write beside images is: it would stand where the sidecar of another belongs, and be taken for one.
 */
export function imageFileName(
  image: { readonly key: string; readonly fileName: string; readonly format?: string | undefined },
  extension?: string,
): string {
  const uploaded = named(image.fileName.trim())
  if (isDescription.test(uploaded.extension))
    return `${uploaded.stem || image.key}${uploaded.extension}.${bare(extension || image.format || 'jpg')}`
  const stem = uploaded.stem || image.key
  const type = bare(extension ?? '')
  if (uploaded.extension !== '' && (type === '' || typeOf(type) === typeOf(bare(uploaded.extension)))) {
    return stem + uploaded.extension
  }
  if (type !== '') return `${stem}.${type}`
  return uploaded.stem === '' && image.format ? `${stem}.${bare(image.format)}` : stem
}

const isDescription = /^\.(xmp|json)$/i

/** Of `.jpg`, unlike of other names, nothing is left beside the extension. */
function named(fileName: string): { stem: string; extension: string } {
  const { stem, extension } = splitExtension(`_${fileName}`)
  return { stem: stem.slice(1), extension }
}

function bare(extension: string): string {
  return extension.replace(/^\./, '').toLowerCase()
}

/** Extensions that name one type. */
function typeOf(extension: string): string {
  return { jpeg: 'jpg', tiff: 'tif', mpeg: 'mpg' }[extension] ?? extension
}
