import type { Catalog } from '../../catalog/catalog.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { templateFields } from '../../exporter/template-fields.ts'
import { albumFor, describeImage } from '../account/describe.ts'

/** A field of path templates with its value for one picture. */
export interface FieldValue {
  field: string
  type: 'text' | 'number' | 'date' | 'names'
  /** Names are joined by `/`; absent if the picture has none, or if there is no picture yet. */
  value?: string
  help: string
}

/**
 * Every field of path templates, for the picture with this ImageKey or, without one, the first in the catalog. Undefined for a key that no run
 * has listed.
 */
export function fieldValues(key: string | undefined, catalog: Catalog): FieldValue[] | undefined {
  const row = key === undefined ? firstListed(catalog) : withKey(key, catalog)
  if (row === undefined && key !== undefined) return undefined
  const values = row && valuesOf(row, catalog)
  return Object.entries(templateFields).map(([field, { type, help, of }]) => {
    const value = values && of(values)
    const text = Array.isArray(value) ? value.join('/') : value === undefined ? '' : String(value)
    return { field, type, ...(text !== '' && { value: text }), help }
  })
}

function withKey(key: string, { listings }: Catalog): ListingRow | undefined {
  const [album] = listings.albumsOf(key)
  return album === undefined ? undefined : listings.get({ album, image: key })
}

function firstListed({ albums, listings }: Catalog): ListingRow | undefined {
  for (const { key } of albums.all()) for (const row of listings.inOrder(key)) return row
  return undefined
}

function valuesOf(row: ListingRow, catalog: Catalog) {
  const album = catalog.albums.get(row.album)
  if (album === undefined) return undefined
  const around = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const account = { nickName: catalog.account.get()?.nickName ?? '' }
  return { image: describeImage(row), album: albumFor(album, around), account }
}
