import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { FileKind, InspectDepth } from '../../exporter/types.ts'
import { standingOf } from '../exporters/delivery-worth.ts'
import type { Driver } from '../exporters/driver.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { isKeptEdited } from '../files/proof.ts'
import { hasSameBytes } from '../files/same-bytes.ts'
import { inspectDelivery, isUnsound } from '../verify/inspect.ts'
import { isOpen, type Proof, type Verdict, type VerdictKind } from './verdict.ts'

export interface CompareParts {
  catalog: Catalog
  /** Names of the exporters whose deliveries count. */
  exporters: readonly string[]
  /** Those of them that can be asked, by name. */
  drivers: ReadonlyMap<string, Driver>
  /** Absolute path of home. */
  output: string
  depth: InspectDepth
  now(): number
  /** Called for each delivery whose every byte was just read: with the time if it was found right, with 0 if damaged. */
  verified(delivery: DeliveryRow, at: number): void
}

type Same = Verdict & { kind: 'same' }

/** Compares an image that an album lists with its deliveries at home. One intact copy with the bytes that SmugMug has is enough. */
export async function compareImage(row: ListingRow, parts: CompareParts): Promise<Verdict> {
  const { catalog, exporters } = parts
  const found: Verdict[] = []
  for (const name of exporters) {
    const delivery = catalog.deliveries.get(name, row)
    if (delivery === undefined || !isOnDisk(delivery)) continue
    // An exporter that keeps nothing has nothing to compare.
    if (parts.drivers.get(name)?.keeps !== 'nothing') found.push(await judgeDelivery(row, delivery, parts))
  }
  const same = found.filter((verdict): verdict is Same => verdict.kind === 'same')
  const [first] = same
  if (first !== undefined) {
    return {
      ...first,
      elsewhere: same.every(({ elsewhere }) => elsewhere),
      verifiedAt: Math.max(...same.map(({ verifiedAt }) => verifiedAt)),
      exporters: same.flatMap(({ exporters }) => exporters),
    }
  }
  const reason = catalog.accepted.reason(row.image) ?? catalog.accepted.reason(row.album)
  if (reason !== undefined) return { kind: 'accepted', reason }
  const [worst] = found.sort((a, b) => worth.indexOf(a.kind) - worth.indexOf(b.kind))
  return worst ?? { kind: 'missing', reason: whyMissing(row, parts) }
}

/** Whether the last run that checked it found and reported the same. */
export function isOnRecord(
  file: FileKey,
  verdict: Verdict,
  { catalog: { failures, runs }, exporters }: CompareParts,
): boolean {
  if (!isOpen[verdict.kind] || !('reason' in verdict)) return false
  return ['', ...exporters].some((exporter) => {
    const failure = failures.get(file, exporter)
    return failure?.reason === verdict.reason && runs.hasTold(failure.namedIn)
  })
}

/** If no delivery is `same`, the one that is most informative about home counts. */
const worth: readonly VerdictKind[] = ['different', 'unreadable', 'unproven', 'made', 'missing']

/** Whether a delivery contains bytes and is durable. */
export function isOnDisk({ pending, facts }: DeliveryRow): boolean {
  // An exporter that uses no bytes has none to compare.
  return !pending && facts.sha256 !== ''
}

async function judgeDelivery(row: ListingRow, delivery: DeliveryRow, parts: CompareParts): Promise<Verdict> {
  const { drivers, now, verified } = parts
  const { exporter } = delivery
  const driver = drivers.get(exporter)
  const root = join(parts.output, folderOf(exporter, parts.catalog))
  // Size and time say nothing of what was found damaged.
  let depth = delivery.verifiedAt === 0 ? 'full' : parts.depth
  let { state, reason } = await inspectDelivery(delivery, driver, root, depth)
  if (state === 'changed' && depth === 'quick') {
    // Size or time have changed: only the bytes show whether it is another file.
    depth = 'full'
    ;({ state, reason } = await inspectDelivery(delivery, driver, root, depth))
  }
  if (isUnsound(state)) verified(delivery, 0)
  const because = reason === undefined ? '' : `: ${reason}`
  switch (state) {
    case 'missing':
      return { kind: 'missing', reason: 'It was brought home and is no longer there' }
    case 'damaged':
      return { kind: 'different', reason: `The file at home is damaged${because}` }
    case 'changed':
      return {
        kind: 'different',
        reason: isKeptEdited(delivery.delivery)
          ? 'You changed the file at home and keep it so'
          : 'The file at home was changed',
      }
    case 'unreadable':
      return { kind: 'unreadable', reason: `The file at home cannot be read${because}` }
    case 'unproven':
      return { kind: 'unproven', reason: `It is said to be kept, and cannot be looked at${because}` }
    case 'ok': {
      const standing = standingOf(delivery, driver)
      if (standing === 'made')
        return {
          kind: 'made',
          reason: `Home has a file that ${exporter} made of it, with other bytes than SmugMug has`,
        }
      const read = depth === 'full'
      if (read) verified(delivery, now())
      if (!hasSameBytes(delivery, row)) return { kind: 'different', reason: whyDifferent(row, delivery) }
      return {
        kind: 'same',
        file: delivery.facts.kind,
        size: delivery.facts.size,
        by: proofOf(row),
        verifiedAt: read ? now() : delivery.verifiedAt,
        elsewhere: standing === 'elsewhere',
        exporters: [exporter],
      }
    }
    default:
      return state satisfies never
  }
}

function proofOf({ source }: ListingRow): Proof {
  if (source.kind === 'none') return 'version'
  if (source.md5 !== undefined) return 'md5'
  return source.size === undefined ? 'version' : 'size'
}

/** SmugMug's current answer takes precedence over what an earlier run recorded. */
function whyMissing(row: ListingRow, { catalog: { failures, deliveries }, exporters, drivers }: CompareParts): string {
  if (row.source.kind === 'none') return row.source.reason
  const keepsNothing = exporters.filter(
    (name) => drivers.get(name)?.keeps === 'nothing' && deliveries.get(name, row) !== undefined,
  )
  if (keepsNothing.length > 0) return `It went to ${keepsNothing.join(', ')}, which keeps nothing`
  const others = deliveries.ofImage(row).filter(({ exporter }) => exporters.includes(exporter))
  if (others.some((delivery) => isOnDisk(delivery) && hasSameBytes(delivery, row)))
    return 'It is at home in another album only; the next run puts it here too'
  const remembered = ['', ...exporters].map((exporter) => failures.get(row, exporter)?.reason)
  return remembered.find((reason) => reason !== undefined) ?? 'It was not downloaded yet'
}

function whyDifferent({ source }: ListingRow, { facts }: DeliveryRow): string {
  if (source.kind === 'none') return `SmugMug has another version of it, and none to give: ${source.reason}`
  if (source.kind !== facts.kind)
    return `Home has ${article[facts.kind]}, and SmugMug gives ${article[source.kind]} now`
  return 'SmugMug has another version of it'
}

const article = {
  original: 'the original',
  transcode: "SmugMug's own conversion",
  rendition: 'a smaller copy',
} as const satisfies Record<FileKind, string>
