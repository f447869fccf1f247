import { type ListedImage, listing } from '../../src/simulator/listing.ts'
import { albumsBelow, type World } from '../../src/simulator/world.ts'
import type { ExporterName } from './steps.ts'
import type { File, Tree } from './tree.ts'

/** An image in an album that an exporter brought home once. */
export interface Slot {
  readonly exporter: ExporterName
  readonly album: string
  readonly image: string
  path: string
  /** Of the image's bytes, and of the file that holds them: an archive, or they themselves. */
  md5: string
  fileMd5: string
  /** What tells its bytes from others before they are fetched. */
  content: string
  /** Is as the last run left it; else the user took it or made it theirs. */
  intact: boolean
  /** The user moved it: it stays where it is, whatever happens on SmugMug. */
  moved: boolean
}

/** What an album listed when it was last read. */
interface Known {
  announced: string
  at: number
  images: ReadonlyMap<string, ListedImage>
}

/** What the model knows: from the account, the user, and what runs said; nothing that the engine keeps. */
export interface State {
  readonly world: World
  readonly slots: Map<string, Slot>
  /** What only the user made, by path. */
  readonly persons: Map<string, File>
  /** Archives of albums without images, by path. */
  readonly bare: Map<string, File>
  readonly known: Map<string, Known>
  /** Albums that a stopped run may have listed or not. */
  readonly unsure: Set<string>
  /** Verified bytes that an interrupted run left in staging. */
  readonly staged: Set<string>
  /** Some run was asked for archives. */
  zipUsed: boolean
  /** A run was stopped or failed before the archives were finished: their images wait in staging unless they are at home otherwise. */
  zipWaits: boolean
  /** What the last finished run named as failed. */
  readonly failed: Set<string>
  tree: Tree
}

export function newState(world: World): State {
  return {
    world,
    slots: new Map(),
    persons: new Map(),
    bare: new Map(),
    known: new Map(),
    unsure: new Set(),
    staged: new Set(),
    zipUsed: false,
    zipWaits: false,
    failed: new Set(),
    tree: new Map(),
  }
}

export function slotKey(exporter: string, album: string, image: string): string {
  return `${exporter} ${itemKey(album, image)}`
}

export function itemKey(album: string, image: string): string {
  return `${album}/${image}`
}

/** Those of locked albums too: who has an address still gets the bytes. */
export function allImages(world: World): ListedImage[] {
  const locked = [...albumsBelow(world.root)].filter((album) => album.locked)
  for (const album of locked) album.locked = false
  const images = [...listing(world)]
  for (const album of locked) album.locked = true
  return images
}

/** By MD5 where SmugMug tells one, else by version. */
export function contentOf({ imageKey, serial, available, md5 }: ListedImage, world: World): string {
  const image = world.images.get(imageKey)
  const told = image?.isVideo ? image.video?.md5 : image?.md5
  return told === 'given' && available !== 'rendition' ? md5 : `${imageKey} ${serial} ${available}`
}
