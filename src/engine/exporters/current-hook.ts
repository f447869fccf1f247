import { AsyncLocalStorage } from 'node:async_hooks'
import type { Album, Image, Inspection } from '../../exporter/types.ts'
import type { FileProof } from '../files/proof.ts'

/** The running hook: its image or album, and what it has done through its context. */
export interface CurrentHook {
  /** Keys; absent if the hook is not about an album, or not about a single image. */
  readonly album?: string | undefined
  readonly image?: string | undefined
  /** The image's file (`FileKey`). */
  readonly component?: string | undefined
  /** Files that the context itself placed at home, by path; their proofs are known and not only the exporter's claim. */
  readonly made: Map<string, FileProof>
  /** Files that the context inspected, by path. */
  readonly inspected: Map<string, Inspection>
}

const storage = new AsyncLocalStorage<CurrentHook>()

/** Runs `work` so that its calls to the context, even from another process, are attributed to this hook. */
export async function duringHook<T>(
  of: Pick<CurrentHook, 'album' | 'image' | 'component'>,
  work: () => Promise<T> | T,
): Promise<T> {
  return storage.run({ ...of, made: new Map(), inspected: new Map() }, work)
}

/** Undefined outside of any hook. */
export function currentHook(): CurrentHook | undefined {
  return storage.getStore()
}

/** The file that a hook is about, for `duringHook`. */
export function hookOf({ key, component }: Image, album: Album): Pick<CurrentHook, 'album' | 'image' | 'component'> {
  return { album: album.key, image: key, component }
}
