import { SmugdlError } from '../../error.ts'
import type { Delivery, FileFacts } from '../../exporter/types.ts'
import type { Driver } from './driver.ts'

/**
 * The delivery to record for what an exporter returned for one image: for a local file, with the file's own proof, whatever the exporter said
 * about it. Durable when this resolves. Throws `item` if the exporter does not have what it claims to keep.
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
  // A delivery kept elsewhere is not a file below the output, whatever its fields are called.
  const { modifiedMs: _, ...elsewhere } = returned
  return elsewhere
}

/**
 * As `provenDelivery`, for all deliveries that became durable at one path at the end of their album. A file of one image with the picture's
 * bytes is recorded as a file; everything else is an archive, whose contents only its exporter knows.
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
