import { hash } from 'node:crypto'
import { type Album, effectivePrivacy, type Image, urlPathOf } from './world.ts'

/**
 * Where the bytes of an image are: `…/Travel/Rome/i-kQ3v9Zt/0/<token>/D/IMG_0042-D.jpg`, without album and name where the
 * album is not public (smugmug-api 8). The file name in it is decoration.
 */
export function photoUrl(image: Image, album: Album | undefined, code: string, ext: string, origin: string): string {
  const open = album !== undefined && effectivePrivacy(album) === 'Public'
  const base = image.fileName.replace(/\.[^.]*$/, '')
  const name = open && base !== '' && !base.includes('/') ? encodeURIComponent(base.toWellFormed()) : `i-${image.key}`
  const folder = open ? urlPathOf(album) : '/photos'
  return `${origin}/photos${folder}/i-${image.key}/${image.serial}/${tokenOf(image, code)}/${code}/${name}-${code}.${ext}`
}

/** What an address of a picture says; undefined if it is none. Its hash says nothing. */
export function readPhotoPath(path: string): { key: string; serial: number; code: string } | undefined {
  const match = /\/i-([A-Za-z0-9]+)\/(\d+)\/[A-Za-z0-9]+\/([A-Za-z0-9]+)\/[^/]+$/.exec(path)
  if (!match) return undefined
  const [, key = '', serial = '', code = ''] = match
  return { key, serial: Number(serial), code }
}

function tokenOf(image: Image, code: string): string {
  return hash('sha1', `${image.key} ${image.serial} ${code}`)
}
