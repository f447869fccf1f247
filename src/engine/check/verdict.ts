import type { FileKind } from '../../exporter/types.ts'

/**
 * The evidence that home has the bytes that SmugMug has. `md5`: SmugMug's own MD5 matches. `size`: SmugMug provides no MD5, but version and
 * size match. `version`: it provides neither, but the version matches.
 */
export type Proof = 'md5' | 'size' | 'version'

/**
 * The result of comparing one item with home: one of the first seven for an image that an album lists, one of the others for an item that is
 * in no listing. Reasons are sentences without their full stop.
 */
export type Verdict =
  /** At home, intact, and what SmugMug has. */
  | {
      kind: 'same'
      file: FileKind
      /** Bytes. */
      size: number
      by: Proof
      /** When every byte was last compared, milliseconds since 1970. */
      verifiedAt: number
      /** Not in a file here: an exporter keeps it elsewhere and found it there. */
      elsewhere: boolean
      /** Names of the exporters that have it. */
      exporters: readonly string[]
    }
  /** Only on SmugMug. */
  | { kind: 'missing'; reason: string }
  /** Not at home in the version that SmugMug has, which the user accepted (`smugdl accept`). */
  | { kind: 'accepted'; reason: string }
  /** At home with other bytes than SmugMug has. */
  | { kind: 'different'; reason: string }
  /** At home only as a file that an exporter made from it, not with its own bytes. */
  | { kind: 'made'; reason: string }
  /** At home, but its contents cannot be read. */
  | { kind: 'unreadable'; reason: string }
  /** Recorded as kept, but it cannot be checked. */
  | { kind: 'unproven'; reason: string }
  /** Only at home, because SmugMug no longer has it. This is not a fault. */
  | { kind: 'gone' }
  /** SmugMug did not list it: an album or a part of the account that cannot be seen, or an image at home that may be in there. */
  | { kind: 'unlisted'; reason: string }
  /** As `unlisted`, and accepted by the user. */
  | { kind: 'waived'; reason: string }

export type VerdictKind = Verdict['kind']

/** As `rclone check --combined` writes them. */
export const symbolOf = {
  same: '=',
  missing: '+',
  accepted: '+',
  different: '*',
  made: '*',
  unreadable: '!',
  unproven: '!',
  gone: '-',
  unlisted: '!',
  waived: '!',
} as const satisfies Record<VerdictKind, string>

/** Whether a verdict is for an image that an album lists. */
export const isListed = {
  same: true,
  missing: true,
  accepted: true,
  different: true,
  made: true,
  unreadable: true,
  unproven: true,
  gone: false,
  unlisted: false,
  waived: false,
} as const satisfies Record<VerdictKind, boolean>

/** Whether this verdict means that the account is not completely at home. */
export const isOpen = {
  same: false,
  missing: true,
  accepted: false,
  different: true,
  made: true,
  unreadable: true,
  unproven: true,
  gone: false,
  unlisted: true,
  waived: false,
} as const satisfies Record<VerdictKind, boolean>
