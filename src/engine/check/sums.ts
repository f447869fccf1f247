import { isListed, isOpen, type Verdict, type VerdictKind } from './verdict.ts'

/** `listed = same + missing + accepted + different + made + unreadable + unproven`; the other verdicts are for items that are in no listing. */
export interface Sums extends Readonly<Record<VerdictKind, number>> {
  /** On SmugMug. */
  readonly albums: number
  /** Of those albums, as far as SmugMug announces the number. */
  readonly announced: number
  readonly listed: number
  /** RAW files and other files that SmugMug keeps with pictures: among `listed`, and among `same`. */
  readonly raw: number
  readonly rawSame: number
  /** Parts of `same`: */
  readonly bytes: number
  readonly transcodes: number
  readonly renditions: number
  /** Compared by version and size, because SmugMug provides no MD5. */
  readonly bySize: number
  /** Compared by version only, because SmugMug provides neither. */
  readonly byVersion: number
  /** Not in a file here, but kept elsewhere by an exporter, which found them there. */
  readonly elsewhere: number
  /** Number of items that each exporter has. */
  readonly exporters: Readonly<Record<string, number>>
  /** When every byte of each was last compared: the oldest and the newest time. */
  readonly verified: { readonly from: number; readonly to: number } | undefined
}

export const nothing: Sums = {
  albums: 0,
  announced: 0,
  listed: 0,
  raw: 0,
  rawSame: 0,
  same: 0,
  missing: 0,
  accepted: 0,
  different: 0,
  made: 0,
  unreadable: 0,
  unproven: 0,
  gone: 0,
  unlisted: 0,
  waived: 0,
  bytes: 0,
  transcodes: 0,
  renditions: 0,
  bySize: 0,
  byVersion: 0,
  elsewhere: 0,
  exporters: {},
  verified: undefined,
}

/** Adds one verdict: the only way to add an item to a sum. */
export function counted(sums: Sums, verdict: Verdict, isRaw: boolean): Sums {
  const { kind } = verdict
  const listed = isListed[kind] ? 1 : 0
  const ofRaw = isRaw ? { raw: sums.raw + listed, rawSame: sums.rawSame + (kind === 'same' ? 1 : 0) } : {}
  const more = { ...sums, ...ofRaw, listed: sums.listed + listed, [kind]: sums[kind] + 1 }
  return kind === 'same' ? added(more, factsOf(verdict)) : more
}

/** The sums of several albums or folders together. */
export function sumOf(parts: readonly { readonly sums: Sums }[]): Sums {
  return parts.reduce((sum, part) => added(sum, part.sums), nothing)
}

/** The sum of two sums. */
export function added(a: Sums, b: Sums): Sums {
  return {
    albums: a.albums + b.albums,
    announced: a.announced + b.announced,
    listed: a.listed + b.listed,
    raw: a.raw + b.raw,
    rawSame: a.rawSame + b.rawSame,
    same: a.same + b.same,
    missing: a.missing + b.missing,
    accepted: a.accepted + b.accepted,
    different: a.different + b.different,
    made: a.made + b.made,
    unreadable: a.unreadable + b.unreadable,
    unproven: a.unproven + b.unproven,
    gone: a.gone + b.gone,
    unlisted: a.unlisted + b.unlisted,
    waived: a.waived + b.waived,
    bytes: a.bytes + b.bytes,
    transcodes: a.transcodes + b.transcodes,
    renditions: a.renditions + b.renditions,
    bySize: a.bySize + b.bySize,
    byVersion: a.byVersion + b.byVersion,
    elsewhere: a.elsewhere + b.elsewhere,
    exporters: addedByName(a.exporters, b.exporters),
    verified: spanOf(a.verified, b.verified),
  }
}

/** Number of items because of which the account is not completely at home. */
export function openIn(sums: Sums): number {
  const kinds = Object.keys(isOpen) as VerdictKind[]
  return kinds.reduce((count, kind) => count + (isOpen[kind] ? sums[kind] : 0), 0)
}

function factsOf({ file, size, by, elsewhere, exporters, verifiedAt }: Verdict & { kind: 'same' }): Sums {
  return {
    ...nothing,
    bytes: size,
    transcodes: file === 'transcode' ? 1 : 0,
    renditions: file === 'rendition' ? 1 : 0,
    bySize: by === 'size' ? 1 : 0,
    byVersion: by === 'version' ? 1 : 0,
    elsewhere: elsewhere ? 1 : 0,
    exporters: Object.fromEntries(exporters.map((name) => [name, 1])),
    verified: { from: verifiedAt, to: verifiedAt },
  }
}

function addedByName(a: Sums['exporters'], b: Sums['exporters']): Sums['exporters'] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  // An exporter may be named "constructor".
  const of = (sums: Sums['exporters'], name: string) => (Object.hasOwn(sums, name) ? (sums[name] ?? 0) : 0)
  return Object.fromEntries([...names].map((name) => [name, of(a, name) + of(b, name)]))
}

function spanOf(a: Sums['verified'], b: Sums['verified']): Sums['verified'] {
  if (a === undefined || b === undefined) return a ?? b
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
}
