import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import { albumFacts } from '../../exporter/describe/album-facts.ts'
import { plainText } from '../../exporter/describe/plain-text.ts'
import { wordsOf } from '../../exporter/describe/words.ts'
import type { Album, Image, InspectDepth, Inspection } from '../../exporter/types.ts'
import { keptSidecars, sidecarsInside } from '../files/kept-sidecars.ts'
import { type FileProof, inspectFile, lookAtFile } from '../files/proof.ts'
import { isAboutAlbum, writtenBy } from '../verify/inventory.ts'
import type { CompareParts } from './compare.ts'

/** What SmugMug has for an image besides its file. */
export interface Description {
  /** A title, a caption or keywords. */
  words: boolean
  /** The location where it was taken. */
  place: boolean
  /** Whether the file beside the picture at home is ours or the user's; undefined if there is none. */
  sidecar: 'ours' | 'yours' | undefined
}

/** A sidecar counts if it is unchanged since we wrote it; one inside an archive is a part of the archive. */
export async function descriptionOf(
  image: Image,
  listed: FileKey,
  { catalog, depth, drivers, exporters, output }: CompareParts,
): Promise<Description> {
  const { title, caption, keywords } = wordsOf(image)
  const words = title !== '' || caption !== '' || keywords.length > 0
  const place = image.latitude !== undefined && image.longitude !== undefined
  if (!words && !place) return { words, place, sidecar: undefined }
  let sidecar: Description['sidecar']
  for (const name of exporters) {
    const delivery = catalog.deliveries.get(name, listed)?.delivery
    if (sidecarsInside(delivery) > 0) return { words, place, sidecar: 'ours' }
    const root = drivers.get(name)?.output ?? output
    for (const one of keptSidecars(delivery) ?? []) {
      const state = one.yours === true ? 'changed' : await lookAt(root, one, depth)
      if (state === 'ok') return { words, place, sidecar: 'ours' }
      if (state === 'changed') sidecar = 'yours'
    }
  }
  return { words, place, sidecar }
}

/** Numbers of albums and folders with a description or keywords on SmugMug. */
export interface DescribedAlbums {
  words: number
  /** Of those, with an unchanged `album.json` or `folder.json` at home. */
  atHome: number
  /** Of those, with a file that the user wrote or changed. */
  yours: number
}

export async function describedAlbums(albums: readonly Album[], parts: CompareParts): Promise<DescribedAlbums> {
  const told = new Set<string>()
  for (const album of albums) {
    const { description, keywords } = albumFacts(album)
    if (description !== '' || keywords.length > 0) told.add(album.key)
    for (const { id, raw } of album.folders) if (isTold(raw.Description) || isTold(raw.Keywords)) told.add(id)
  }
  const files = told.size === 0 ? [] : await filesAbout(parts)
  const stateOf = new Map(files)
  const those = [...told].map((key) => stateOf.get(key))
  const atHome = those.filter((state) => state === 'ok').length
  // What the user made of a file need not say what it is about.
  const unnamed = files.filter(([key]) => key === undefined).length
  const yours = those.filter((state) => state === 'changed').length
  return { words: told.size, atHome, yours: Math.min(yours + unnamed, told.size - atHome) }
}

function isTold(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === 'string' && plainText(value) !== ''
}

/** The existing files that exporters wrote about albums and folders, by album or folder. */
async function filesAbout({ catalog, depth, drivers, exporters, output }: CompareParts) {
  const found: [key: string | undefined, state: Inspection][] = []
  for (const name of exporters) {
    const root = drivers.get(name)?.output ?? output
    for (const [path, proof] of catalog.state.all(writtenBy(name))) {
      if (!isAboutAlbum(path)) continue
      const state = await lookAt(root, proof as FileProof, depth)
      if (state !== 'ok' && state !== 'changed') continue
      const about = await readFile(join(root, path), 'utf8')
        .then(JSON.parse)
        .catch(() => undefined)
      const key = about?.key ?? about?.id
      found.push([typeof key === 'string' ? key : undefined, state])
    }
  }
  return found
}

/** Exporters that wrote titles, captions and keywords beside the pictures. */
export function describersOnDisk({ state }: Catalog): string[] {
  return ['manifest'].filter((name) => !state.all(writtenBy(name))[Symbol.iterator]().next().done)
}

/** By every byte, or by size and time first. */
function lookAt(root: string, sidecar: FileProof, depth: InspectDepth): Promise<Inspection> {
  return depth === 'full' ? inspectFile(root, sidecar, 'full') : lookAtFile(root, sidecar)
}
