import type { Catalog } from '../../catalog/catalog.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import { wordsOf } from '../../exporter/describe/words.ts'
import type { Image, InspectDepth, Inspection } from '../../exporter/types.ts'
import { keptSidecars, sidecarsInside } from '../files/kept-sidecars.ts'
import { type FileProof, inspectFile, lookAtFile } from '../files/proof.ts'
import { writtenBy } from '../verify/inventory.ts'
import type { CompareParts } from './compare.ts'

/** What SmugMug has of an image beside its file. */
export interface Description {
  /** A title, a caption or keywords. */
  words: boolean
  /** Whose file says so beside the picture at home; undefined where there is none. */
  sidecar: 'ours' | 'yours' | undefined
}

/** A sidecar counts where it is there as we left it; one inside an archive is a part of that. */
export async function descriptionOf(
  image: Image,
  listed: FileKey,
  { catalog, depth, drivers, exporters, output }: CompareParts,
): Promise<Description> {
  const { title, caption, keywords } = wordsOf(image)
  if (title === '' && caption === '' && keywords.length === 0) return { words: false, sidecar: undefined }
  let sidecar: Description['sidecar']
  for (const name of exporters) {
    const delivery = catalog.deliveries.get(name, listed)?.delivery
    if (sidecarsInside(delivery) > 0) return { words: true, sidecar: 'ours' }
    const root = drivers.get(name)?.output ?? output
    for (const one of keptSidecars(delivery) ?? []) {
      const state = one.yours === true ? 'changed' : await lookAt(root, one, depth)
      if (state === 'ok') return { words: true, sidecar: 'ours' }
      if (state === 'changed') sidecar = 'yours'
    }
  }
  return { words: true, sidecar }
}

/** Exporters that wrote titles, captions and keywords beside the pictures. */
export function describersOnDisk({ state }: Catalog): string[] {
  return ['manifest'].filter((name) => !state.all(writtenBy(name))[Symbol.iterator]().next().done)
}

/** By every byte, or by size and time first. */
function lookAt(root: string, sidecar: FileProof, depth: InspectDepth): Promise<Inspection> {
  return depth === 'full' ? inspectFile(root, sidecar, 'full') : lookAtFile(root, sidecar)
}
