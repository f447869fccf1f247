import type { PictureChoice } from '../account/picture-filter.ts'
import type { RawMode } from '../account/raw-files.ts'

/** What a user asked a run for. */
export interface RunPlan {
  /** Absolute path of the destination. */
  output: string
  /** Names of the exporters, in the order in which they get each image. */
  exporters: readonly string[]
  /** By exporter name, parsed and complete. */
  exporterOptions: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>
  /** Globs on `folder/…/album`; an album comes home when one of `albums` matches (or there is none) and none of `exclude`. */
  albums: readonly string[]
  exclude: readonly string[]
  /** Of those albums, these pictures only; all if absent. What is at home stays. */
  pictures?: PictureChoice
  /** RAW files; as in the last run that said if absent, else `auto`. */
  raw?: RawMode
  /** By AlbumKey: fetch only these albums, and of them only these images. */
  only?: ReadonlyMap<string, ReadonlySet<string> | 'all'>
  /** Remove from home what is gone from SmugMug, so much of it at most: by default 10 percent, or 20 files if that is more. */
  mirror?: 'default' | { files: number } | { percent: number }
  /** Whether originals are fetched of what the user changed at home; by default as long as those are few (`EditedFiles`). */
  edited?: 'keep' | 'restore'
  /** Permanently delete what has been in the trash for this many days. */
  pruneTrashDays?: number
  /** Downloads at once, at most; if absent as many as make it faster (`Downloads`). */
  concurrency?: number | undefined
  /** Bytes a second, all downloads together; as fast as it goes if absent. */
  limitRate?: number
  /** Milliseconds after which it is stopped on purpose. */
  maxDurationMs?: number
  dryRun: boolean
  /** List every album again, trust no timestamp. */
  full: boolean
  /** Milliseconds after which an album is listed again whatever its times say. */
  relistAfterMs: number
  /** Compare known sizes with the free space before the first byte. */
  spaceCheck: boolean
}

/** Which part of the account is asked for. */
export type Choice = Pick<RunPlan, 'albums' | 'exclude' | 'pictures'>

/** Whether the whole account is asked for. */
export function isWholeAccount({ albums, exclude, pictures }: Choice): boolean {
  return albums.length + exclude.length === 0 && pictures === undefined
}

/** The part of the account that is asked for; undefined for all of it. */
export function choiceOf({ albums, exclude, pictures }: Choice): Choice | undefined {
  if (isWholeAccount({ albums, exclude, ...(pictures && { pictures }) })) return undefined
  return { albums, exclude, ...(pictures && { pictures }) }
}

/** Downloads at once to begin with, and the limit of what is not measured: albums side by side, small copies, an exporter's uploads. */
export const usualAtOnce = 8

/** Everything, as the usual run has it; what is asked for otherwise comes on top. */
export const wholeAccount = {
  albums: [],
  exclude: [],
  dryRun: false,
  full: false,
  relistAfterMs: Number.POSITIVE_INFINITY,
  spaceCheck: true,
} as const satisfies Omit<RunPlan, 'output' | 'exporters' | 'exporterOptions'>
