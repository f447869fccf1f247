import type { FileKind } from '../../exporter/types.ts'

/**
 * How sure it is that home has the bytes that SmugMug has. `md5`: SmugMug's own MD5 of them. `size`: it provides none, and version and size
 * agree. `version`: it provides neither, and the version agrees.
 */
export type Proof = 'md5' | 'size' | 'version'

/**
 * What comparing the account with home came to: for each image that an album lists one of the first seven, and one of the others for
 * what is not in any listing. Reasons are sentences without their full stop.
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
      /** Not in a file here: an exporter keeps it elsewhere, and found it there. */
      elsewhere: boolean
      /** Names of the exporters that have it. */
      exporters: readonly string[]
    }
  /** Only on SmugMug. */
  | { kind: 'missing'; reason: string }
  /** Not at home in the version that SmugMug has; the user decided to live without (`smugdl accept`). */
  | { kind: 'accepted'; reason: string }
  /** At home with other bytes than SmugMug has. */
  | { kind: 'different'; reason: string }
  /** At home is a file that an exporter made of it, and none with its bytes. */
  | { kind: 'made'; reason: string }
  /** At home, and nobody can say what it holds. */
  | { kind: 'unreadable'; reason: string }
  /** Said to be kept, and nobody can look at it. */
  | { kind: 'unproven'; reason: string }
  /** Only at home: SmugMug no longer has it. Nothing is wrong with that. */
  | { kind: 'gone' }
  /** SmugMug did not list it: an album or a part of the account that cannot be seen, or an image at home that may be in there. */
  | { kind: 'unlisted'; reason: string }
  /** As `unlisted`, and the user decided to live without. */
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

/** Whether a verdict is of an image that an album lists. */
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

/** Whether the account is not wholly at home because of it. */
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
