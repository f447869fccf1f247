import type { Catalog } from '../../catalog/catalog.ts'
import { fileId } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { splitExtension } from '../../exporter/safe-name.ts'
import { uniqueNames } from '../../exporter/unique-names.ts'

/**
 * Assigns names for the whole album, including images that left it, so that they do not depend on the order; a name once given stays. A file
 * kept with an image has the same stem, `IMG_1.CR2` beside `IMG_1.JPG`, because programs pair them by it: a key added to resolve a clash is added to both.
 */
export function giveNames(
  album: string,
  { listings }: Catalog,
  nameAtHome: (image: ListingRow) => string | undefined = () => undefined,
): void {
  const entries = listings.names(album).map((entry) => ({ ...entry, key: fileId(entry) }))
  if (entries.every((entry) => entry.name !== undefined)) return
  const images = entries.filter(({ component }) => component === '')
  const companions = entries.filter(({ component }) => component !== '')
  const named = uniqueNames(
    images.map(({ key, image, wantedName, name }) => {
      const row = name === undefined ? listings.get({ album, image }) : undefined
      return { key, displayName: wantedName, given: name ?? (row && nameAtHome(row)), isFile: true }
    }),
    companions.flatMap(({ name }) => name ?? []),
  )
  const wantedNames = new Map(images.map(({ image, wantedName }) => [image, wantedName]))
  const beside = uniqueNames(
    companions.map(({ key, image, wantedName, name }) => {
      const ending = wantedName.slice(splitExtension(wantedNames.get(image) ?? '').stem.length)
      const given = named.get(image)
      const displayName = given === undefined ? wantedName : splitExtension(given).stem + ending
      return { key, label: image, displayName, given: name, isFile: true }
    }),
    named.values(),
  )
  for (const { key, name, image, component } of entries) {
    const given = named.get(key) ?? beside.get(key)
    if (given !== undefined && given !== name) listings.setName({ album, image, component }, given)
  }
}
