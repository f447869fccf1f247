import type { Image } from './types.ts'

/** One text for a file in its album: the key of the image alone, and with the name of the component where it is not the image itself. */
export function fileIdOf({ key, component }: Pick<Image, 'key' | 'component'>): string {
  return component ? `${key} ${component}` : key
}
