import type { ListingRow } from '../../catalog/listings.ts'
import type { SmugdlError } from '../../error.ts'
import { splitExtension } from '../../exporter/safe-name.ts'
import type { Component } from '../../smugmug/api/source-files.ts'
import { RAW } from '../../smugmug/api/source-files.ts'

/** What a listing states about one file, before it has its name on disk. */
export type NewRow = Omit<ListingRow, 'name' | 'goneAt'>

/** Placeholder for a RAW file that SmugMug could not be asked about, so that it is reported until it is downloaded. */
export const untold = 'raw'

/**
 * The rows of the files that SmugMug keeps with an image, after the image's own. They are distinguished by extension, then by name if two have
 * the same extension, then by bytes if the names are equal too; the order of the answer has no influence.
 */
export function companionRows(picture: NewRow, components: readonly Component[]): NewRow[] {
  const byType = Map.groupBy(components, ({ ext }) => ext)
  const told = components.map(({ raw }) => raw)
  const rows = components.map((component): NewRow => {
    const { ext, fileName, md5, raw, size, url } = component
    const alike = byType.get(ext)?.filter((other) => !isSame(other, component)) ?? []
    const marks = [fileName, bytesOf(component)].filter((mark) => mark !== '')
    const isNamed = fileName !== '' && alike.every((other) => other.fileName !== fileName)
    return {
      ...picture,
      component: ['raw', ext, ...(alike.length === 0 ? [] : isNamed ? [fileName] : marks)].join(':'),
      wantedName: splitExtension(picture.wantedName).stem + endingOf(component),
      source: {
        kind: 'original',
        url,
        ...(size !== undefined && { size }),
        ...(md5 !== undefined && { md5 }),
        ...(ext !== '' && { ext }),
      },
      record: { ...picture.record, Component: raw, Components: told },
    }
  })
  // Identical entries are stored once.
  return [...new Map(rows.map((row) => [row.component, row])).values()]
}

/** Whether two entries describe the same file. */
function isSame(a: Component, b: Component): boolean {
  return a.fileName === b.fileName && bytesOf(a) === bytesOf(b)
}

/** Distinguishes files with the same name by what SmugMug says about their bytes or, if it says nothing, by their addresses. */
function bytesOf({ md5, size, url }: Component): string {
  return md5 ?? (size === undefined ? url : `${size} ${url}`)
}

/** The row in place of RAW files that could not be requested: a failure of its own, while the picture itself has not failed. */
export function untoldRow(picture: NewRow, { what, next }: SmugdlError): NewRow {
  return {
    ...picture,
    component: untold,
    wantedName: `${splitExtension(picture.wantedName).stem} (RAW file)`,
    source: { kind: 'none', reason: what, ...(next !== undefined && { next }), heals: true, processing: false },
  }
}

/** The extension as uploaded, `.CR2`; for a sidecar named after its RAW file, `.CR2.xmp`. */
function endingOf({ fileName, ext }: Component): string {
  const { stem, extension } = splitExtension(fileName)
  if (extension === '') return ext === '' ? '' : `.${ext}`
  return RAW.test(stem) ? splitExtension(stem).extension + extension : extension
}
