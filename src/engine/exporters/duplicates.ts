import { constants } from 'node:fs'
import { copyFile, link, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Duplicates } from '../../exporter/types.ts'
import type { Incoming } from '../files/incoming.ts'
import { type FileProof, inspectFile, isFileProof } from '../files/proof.ts'
import type { Staging } from '../files/staging.ts'

interface DuplicateParts {
  catalog: Catalog
  staging: Staging
  notice(text: string): void
}

/** How an exporter places bytes that it already has for another album or image. */
export function duplicateSource(exporter: string, root: string, { catalog, staging, notice }: DuplicateParts) {
  let works: Promise<boolean> | undefined

  /** Every byte is compared first, because a link would spread damaged bytes. */
  async function duplicateOf({ md5, size, sha256 }: Incoming, path: string): Promise<FileProof | undefined> {
    for (const row of catalog.deliveries.ofContent(md5, size)) {
      const { delivery } = row
      if (row.exporter !== exporter || !isFileProof(delivery) || delivery.path === path) continue
      if (delivery.sha256 === sha256 && (await inspectFile(root, delivery, 'full')) === 'ok') return delivery
    }
    return undefined
  }

  return {
    /** A link to the duplicate, or the new file, which shares blocks with the duplicate if the disk supports it. */
    async sourceOf(incoming: Incoming, path: string, duplicates: Duplicates): Promise<Incoming> {
      const duplicate = duplicates === 'copy' ? undefined : await duplicateOf(incoming, path)
      if (duplicate === undefined || duplicates === 'copy') return incoming
      works ??= canDuplicate(duplicates, staging)
      if (!(await works)) {
        notice(`This disk knows no ${duplicates}; a picture in several albums is copied.`)
        return incoming
      }
      const { size, md5, sha256 } = incoming
      if (duplicates === 'reflink') return incoming
      return { path: join(root, duplicate.path), size, md5, sha256, movable: false, isBrought: false, external: 'link' }
    },
  }
}

async function canDuplicate(duplicates: 'hardlink' | 'reflink', staging: Staging): Promise<boolean> {
  const [one, other] = [staging.scratchPath(), staging.scratchPath()]
  try {
    await writeFile(one, Buffer.alloc(65_536))
    await (duplicates === 'hardlink' ? link(one, other) : copyFile(one, other, constants.COPYFILE_FICLONE_FORCE))
    return true
  } catch {
    return false
  } finally {
    for (const path of [one, other]) await rm(path, { force: true })
  }
}
