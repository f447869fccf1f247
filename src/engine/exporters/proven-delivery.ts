import { SmugdlError } from '../../error.ts'
import type { Delivery, FileFacts } from '../../exporter/types.ts'
import type { Driver } from './driver.ts'

/**
 * What is recorded of what an exporter returned of one image: of a file here the file's own proof with it, whatever it said of the file
 * itself. Durable when this resolves. Throws `item` where the exporter does not have what it says that it keeps.
 */
export async function provenDelivery(
  driver: Driver,
  returned: Delivery | undefined,
  facts: Pick<FileFacts, 'size'>,
): Promise<Delivery | undefined> {
  const { name, keeps, exporter, files } = driver
  if (keeps === 'nothing') return undefined
  if (returned === undefined) {
    if (exporter.needs === 'listing') return undefined
    throw new SmugdlError('item', {
      what: `The exporter "${name}" returned no file that holds the picture, and nothing of it was kept`,
      next: "Its deliver() must return what place() returns, or { path } of the file that it wrote; one that posts or counts declares keeps: 'nothing'",
    })
  }
  if (keeps === 'here') return files.proven(returned, facts)
  // What is elsewhere is no file below the output, whatever it calls its fields.
  const { modifiedMs: _, ...elsewhere } = returned
  return elsewhere
}

/**
 * As `provenDelivery`, of all that became durable at one path with the end of its album: what is recorded of each. A file of one image that has
 * the picture's bytes is a file; everything else is an archive, of which only its exporter knows what it holds.
 */
export async function provenTogether(
  driver: Driver,
  path: string,
  pending: readonly { readonly facts: Pick<FileFacts, 'size' | 'sha256'> }[],
): Promise<(delivery: Delivery) => Promise<Delivery | undefined>> {
  if (driver.keeps !== 'here') return (delivery) => provenDelivery(driver, { ...delivery, path }, { size: 0 })
  const size = pending.reduce((largest, { facts }) => Math.max(largest, facts.size), 0)
  const proof = await driver.files.provenArchive(path, { size })
  const isCopy = pending.length === 1 && pending[0]?.facts.sha256 === proof.sha256
  return async (delivery) => ({ ...delivery, path, ...(isCopy && proof) })
}
