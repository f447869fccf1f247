import type { Transfer } from './staged-file.ts'

/** Bytes on the way home. */
export interface Incoming {
  /** Absolute; already durable (synced). */
  path: string
  size: number
  md5: string
  sha256: string
  /** The file may be moved away; else it is copied. */
  movable: boolean
  /** It was put where it is, not found there. */
  isBrought: boolean
  /** It is somebody else's file, verified where it stands: what may become of it. Never `movable`, never changed; taken away by `StagingRefs`. */
  external?: Transfer | undefined
}
