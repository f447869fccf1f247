import { AsyncLocalStorage } from 'node:async_hooks'
import type { Album, Image, Inspection } from '../../exporter/types.ts'
import type { FileProof } from '../files/proof.ts'

/** The hook that is at work: of which image or album, and what it has had done through its context. */
export interface CurrentHook {
  /** Keys; absent where the hook is about no album, or no single image. */
  readonly album?: string | undefined
  readonly image?: string | undefined
  /** Of the image, `FileKey`. */
  readonly component?: string | undefined
  /** What the context put at home, by path: known to be so, not only said. */
  readonly made: Map<string, FileProof>
  /** What the context looked at, by path. */
  readonly inspected: Map<string, Inspection>
}

const storage = new AsyncLocalStorage<CurrentHook>()

/** Whatever `work` asks of its context, also from another process, is known to be asked by it. */
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

/** Of which file a hook is, for `duringHook`. */
export function hookOf({ key, component }: Image, album: Album): Pick<CurrentHook, 'album' | 'image' | 'component'> {
  return { album: album.key, image: key, component }
}
