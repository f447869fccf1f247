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
  /** Globs on `folder/…/album`. An album is exported if one of `albums` matches (or there is none) and none of `exclude` does. */
  albums: readonly string[]
  exclude: readonly string[]
  /** Only these pictures of those albums; all if absent. What is at home stays. */
  pictures?: PictureChoice
  /** RAW files; if absent, as in the last run that specified it, else `auto`. */
  raw?: RawMode
  /** By AlbumKey: fetch only these albums, and only these images of them. */
  only?: ReadonlyMap<string, ReadonlySet<string> | 'all'>
  /** Remove from home what is gone from SmugMug, up to this limit: by default 10 percent, or 20 files if that is more. */
  mirror?: 'default' | { files: number } | { percent: number }
  /** Whether to fetch originals of files that the user changed at home; by default, if there are few (`EditedFiles`). */
  edited?: 'keep' | 'restore'
  /** Permanently delete what has been in the trash for this many days. */
  pruneTrashDays?: number
  /** Maximum number of parallel downloads; if absent, as many as make it faster (`Downloads`). */
  concurrency?: number | undefined
  /** Bytes per second, all downloads together; unlimited if absent. */
  limitRate?: number
  /** Milliseconds after which the run is stopped on purpose. */
  maxDurationMs?: number
  dryRun: boolean
  /** List every album again, trust no timestamp. */
  full: boolean
  /** Milliseconds after which an album is listed again, whatever its timestamps say. */
  relistAfterMs: number
  /** Compare known sizes with the free space before the first byte. */
  spaceCheck: boolean
}

/** The part of the account that a run asks for. */
export type Choice = Pick<RunPlan, 'albums' | 'exclude' | 'pictures'>

/** Whether the whole account is asked for. */
export function isWholeAccount({ albums, exclude, pictures }: Choice): boolean {
  return albums.length + exclude.length === 0 && pictures === undefined
}

/** Describes the part of the account that is asked for; undefined for all of it. */
export function choiceOf({ albums, exclude, pictures }: Choice): Choice | undefined {
  if (isWholeAccount({ albums, exclude, ...(pictures && { pictures }) })) return undefined
  return { albums, exclude, ...(pictures && { pictures }) }
}

/** The initial number of parallel downloads, and the limit for what is not measured: parallel albums, small copies, an exporter's uploads. */
export const usualAtOnce = 8

/** The plan of a usual run of everything; other options are added to it. */
export const wholeAccount = {
  albums: [],
  exclude: [],
  dryRun: false,
  full: false,
  relistAfterMs: Number.POSITIVE_INFINITY,
  spaceCheck: true,
} as const satisfies Omit<RunPlan, 'output' | 'exporters' | 'exporterOptions'>
