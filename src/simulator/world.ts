import { makeKey, makeUrlName } from './keys.ts'

/** How a picture's bytes may be had: the upload itself, only by `ImageDownload`, only as `LargestImage`, or not at all. */
export type Rights = 'original' | 'download' | 'largest' | 'none'

/** How an MD5 is given: really, not at all, or as an empty string (smugmug-api 9.4). */
type Md5Told = 'given' | 'absent' | 'empty'

export type Privacy = 'Public' | 'Unlisted' | 'Private'

export type Node = Folder | Album | Page

interface NodeFacts {
  /** `NodeID`. */
  id: string
  /** The display name. */
  name: string
  /** The last part of `UrlPath`; unique in its folder. */
  urlName: string
  /** Undefined on the root only. */
  parent: Folder | undefined
  description: string
  privacy: Privacy
  /** What stands for it on the site. */
  cover?: Image | undefined
  /** Milliseconds since the epoch; 0 is really sent for old albums (smugmug-api 3). */
  addedAt: number
  modifiedAt: number
}

export interface Folder extends NodeFacts {
  type: 'Folder'
  children: Node[]
}

export interface Page extends NodeFacts {
  type: 'Page' | 'System Page'
}

export interface Album extends NodeFacts {
  /** A `System Album` holds the files of the site; a backup has no use for it. */
  type: 'Album' | 'System Album'
  key: string
  images: Image[]
  /** Removed, but the listing of the album still shows them: really for minutes (real-answers 4.1). */
  ghosts: Image[]
  keywords: string
  /** Visitors need a password: they get a stub. */
  password: boolean
  /** Even the owner gets only the stub (smugmug-api 4.3). */
  locked: boolean
  allowDownloads: boolean
  /** What `ImageCount` says, where it is to differ from the truth. */
  imageCount: number | undefined
  updatedAt: number
  imagesUpdatedAt: number
}

export interface Image {
  key: string
  serial: number
  /** As uploaded: not unique, may be empty. */
  fileName: string
  format: 'JPG' | 'PNG' | 'MP4'
  isVideo: boolean
  processing: boolean
  status: string
  subStatus: string
  title: string
  caption: string
  keywords: readonly string[]
  uploadedAt: number
  updatedAt: number
  /** The camera's own clock, without zone: `2024-04-30T17:12:09`. Of a video its container's, which is UTC. */
  capturedAt: string | undefined
  gps: { latitude: number; longitude: number; altitude: number } | undefined
  hidden: boolean
  /** All bytes follow from the seed, the format and the wanted size. */
  seed: number
  /** Bytes wanted; a file is never smaller than its format needs. */
  size: number
  rights: Rights
  md5: Md5Told
  sizeGiven: boolean
  /** `ComponentFileTypes`, where it is to say something else than what `companions` make of it. */
  components: Readonly<Record<string, readonly string[]>> | undefined
  /** What was uploaded with it and is kept by SmugMug Source: RAW files, other programs' sidecars. */
  companions: readonly Companion[]
  /** Of videos: what `LargestVideo` gives; absent while it is being made. */
  video: Transcode | undefined
  /** The album it was uploaded to, then those that collect it. */
  albums: Album[]
}

export interface Companion {
  fileName: string
  seed: number
  size: number
  md5: Md5Told
  sizeGiven: boolean
}

export interface Transcode {
  ext: string
  seed: number
  size: number
  md5: Md5Told
  sizeGiven: boolean
  durationSeconds: number
  /** Whether `LargestVideo` answers: of some finished videos it is 404 for good, though their sizes are given (real-answers 3.5). */
  largest: boolean
}

export type FolderInit = { name: string; in?: Folder } & Partial<Omit<Folder, 'type' | 'parent' | 'children'>>
export type AlbumInit = { name: string; in?: Folder } & Partial<Omit<Album, 'parent' | 'images' | 'ghosts'>>
export type PageInit = { name: string; in?: Folder } & Partial<Omit<Page, 'parent'>>
export type ImageInit = Partial<Omit<Image, 'albums' | 'video' | 'companions'>> & {
  video?: Partial<Transcode> | undefined
  companions?: readonly (Partial<Companion> & { fileName: string })[]
}
export type ImageEdit = Partial<
  Pick<Image, 'fileName' | 'title' | 'caption' | 'keywords' | 'hidden' | 'gps' | 'capturedAt'>
>

export interface WorldInit {
  nickName?: string
  name?: string
  /** The first moment of the world's clock, milliseconds since the epoch; default 2 May 2024, 08:00 UTC. */
  startsAt?: number
}

/**
 * An account of SmugMug's: plain data, to be changed at will; what is changed is what the next request sees. The methods
 * keep what belongs together (keys, the two ends of a link, dates); a field that is assigned moves no date.
 *
 * Dates move as smugmug-api 9.6 documents: `ImagesLastUpdated` when images are added, removed or rearranged, not when a
 * caption is edited or a file replaced, unless `editsMoveImagesLastUpdated`. Every change is a second later than the last.
 */
export class World {
  readonly user: { nickName: string; name: string; imageCount: number | undefined }
  readonly root: Folder
  readonly nodes = new Map<string, Node>()
  readonly albums = new Map<string, Album>()
  readonly images = new Map<string, Image>()
  editsMoveImagesLastUpdated = false
  /**
   * The answer of `!components`, which was never captured: the files as SmugMug's support described them; 404, as other parts of the library
   * answer to third-party keys; or files in an unexpected format.
   */
  source: 'gives' | 'closed' | 'otherwise' = 'closed'
  #clockMs: number
  #made = 0

  constructor({ nickName = 'janedoe', name = 'Jane Doe', startsAt = Date.UTC(2024, 4, 2, 8) }: WorldInit = {}) {
    this.user = { nickName, name, imageCount: undefined }
    this.#clockMs = startsAt
    this.root = { ...this.#nodeFacts({ name: '', urlName: '' }, undefined), type: 'Folder', children: [] }
    this.nodes.set(this.root.id, this.root)
  }

  addFolder({ in: parent = this.root, ...init }: FolderInit): Folder {
    return this.#place({ ...this.#nodeFacts(init, parent), type: 'Folder', children: [] }, parent)
  }

  addPage({ in: parent = this.root, type = 'Page', ...init }: PageInit): Page {
    return this.#place({ ...this.#nodeFacts(init, parent), type }, parent)
  }

  addAlbum({ in: parent = this.root, ...init }: AlbumInit): Album {
    const facts = this.#nodeFacts(init, parent)
    const album: Album = {
      type: 'Album',
      key: init.key ?? makeKey(`album ${this.#made}`, 6, (key) => this.albums.has(key)),
      images: [],
      ghosts: [],
      keywords: '',
      password: false,
      locked: false,
      allowDownloads: true,
      imageCount: undefined,
      updatedAt: facts.modifiedAt,
      imagesUpdatedAt: facts.modifiedAt,
      ...init,
      ...facts,
    }
    this.albums.set(album.key, album)
    return this.#place(album, parent)
  }

  /** A photo, by default a JPEG of some kilobytes that is named after its number. */
  addImage(album: Album, { video: _none, ...init }: ImageInit = {}): Image {
    return this.#upload(album, { ...init, video: undefined })
  }

  /** A video: uploaded as .MOV, had as a transcode unless it is `processing`. */
  addVideo(album: Album, { video, ...init }: ImageInit = {}): Image {
    const seed = init.seed ?? this.#made + 1
    const transcode = {
      ext: 'mp4',
      seed: seed + 0.5,
      size: 48_000,
      md5: 'given',
      sizeGiven: true,
      durationSeconds: 24.765,
      largest: true,
    } as const
    const fileName = `MVI_${String(this.#made + 1).padStart(4, '0')}.MOV`
    return this.#upload(album, {
      seed,
      fileName,
      format: 'MP4',
      size: 64_000,
      rights: 'largest',
      ...init,
      isVideo: true,
      video: init.processing === true && video === undefined ? undefined : { ...transcode, ...video },
    })
  }

  /** The same image in one more album. */
  collect(image: Image, album: Album): void {
    if (image.albums.includes(album)) return
    image.albums.push(album)
    album.images.push(image)
    album.imagesUpdatedAt = this.tick()
  }

  moveImage(image: Image, from: Album, to: Album): void {
    const at = from.images.indexOf(image)
    if (at < 0) throw new Error(`Image ${image.key} is not in album ${from.key}`)
    from.images.splice(at, 1)
    if (!to.images.includes(image)) to.images.push(image)
    image.albums = [...new Set(image.albums.map((album) => (album === from ? to : album)))]
    from.imagesUpdatedAt = to.imagesUpdatedAt = this.tick()
  }

  /**
   * Takes an image out of one album, or out of the account; the last album that loses it loses it for good. `lags`: the
   * albums go on listing it, until a test empties their `ghosts`.
   */
  removeImage(image: Image, from?: Album, { lags = false }: { lags?: boolean } = {}): void {
    for (const album of from === undefined ? [...image.albums] : [from]) {
      if (lags) album.ghosts.push(image)
      album.images = album.images.filter((other) => other !== image)
      image.albums = image.albums.filter((other) => other !== album)
      album.imagesUpdatedAt = this.tick()
    }
    if (image.albums.length === 0) this.images.delete(image.key)
  }

  /** Other bytes under the same key: the serial grows. */
  replaceImage(
    image: Image,
    { seed = image.seed + 1_000_003, size = image.size }: { seed?: number; size?: number } = {},
  ): void {
    image.serial += 1
    image.seed = seed
    image.size = size
    if (image.video) image.video.seed = seed + 0.5
    this.#edited(image)
  }

  /** Texts, name, visibility: everything but the bytes. */
  editImage(image: Image, edit: ImageEdit): void {
    Object.assign(image, edit)
    this.#edited(image)
  }

  rearrange(album: Album, images: readonly Image[]): void {
    if (images.length !== album.images.length || !new Set(album.images).isSubsetOf(new Set(images)))
      throw new Error('A rearranged album holds the same images as before')
    album.images = [...images]
    album.imagesUpdatedAt = this.tick()
  }

  /** Gives a folder, album or page another display name; its address follows unless `keepUrl`. */
  rename(node: Node, name: string, { keepUrl = false }: { keepUrl?: boolean } = {}): void {
    node.name = name
    if (!keepUrl) node.urlName = makeUrlName(name, (urlName) => isTaken(urlName, node.parent, node))
    node.modifiedAt = this.tick()
    if ('images' in node) node.updatedAt = node.modifiedAt
  }

  /** Moves a folder, album or page into another folder. An album's own dates do not show it. */
  moveNode(node: Node, to: Folder): void {
    if (!node.parent) throw new Error('The root stays where it is')
    for (let folder: Folder | undefined = to; folder; folder = folder.parent)
      if (folder === node) throw new Error('A folder cannot be moved into itself')
    node.parent.children = node.parent.children.filter((other) => other !== node)
    node.urlName = makeUrlName(node.name, (urlName) => isTaken(urlName, to, node))
    node.parent = to
    to.children.push(node)
    node.modifiedAt = this.tick()
  }

  /** Removes a folder, album or page with all that it holds; images that other albums collect live on. */
  removeNode(node: Node): void {
    if (!node.parent) throw new Error('The root stays')
    if (node.type === 'Folder') for (const child of [...node.children]) this.removeNode(child)
    if ('images' in node) {
      for (const image of [...node.images]) this.removeImage(image, node)
      this.albums.delete(node.key)
    }
    node.parent.children = node.parent.children.filter((other) => other !== node)
    this.nodes.delete(node.id)
  }

  /** The world's clock, a second later each time. */
  tick(): number {
    this.#clockMs += 1000
    return this.#clockMs
  }

  #edited(image: Image): void {
    image.updatedAt = this.tick()
    if (this.editsMoveImagesLastUpdated) for (const album of image.albums) album.imagesUpdatedAt = image.updatedAt
  }

  #upload(album: Album, init: Omit<ImageInit, 'video'> & { video: Transcode | undefined }): Image {
    this.#made += 1
    const now = this.tick()
    const image: Image = {
      key: init.key ?? makeKey(`image ${this.#made}`, 7, (key) => this.images.has(key)),
      serial: 0,
      fileName: `IMG_${String(this.#made).padStart(4, '0')}.JPG`,
      format: 'JPG',
      isVideo: false,
      processing: false,
      status: 'Open',
      subStatus: 'NFS',
      title: '',
      caption: '',
      keywords: NO_KEYWORDS,
      uploadedAt: now,
      updatedAt: now,
      capturedAt: undefined,
      gps: undefined,
      hidden: false,
      seed: this.#made,
      size: 4000 + ((this.#made * 7919) % 8000),
      rights: 'original',
      md5: 'given',
      sizeGiven: true,
      components: undefined,
      ...init,
      companions: (init.companions ?? []).map((companion, index) => ({
        seed: this.#made + 0.01 * (index + 1),
        size: 20_000,
        md5: 'given',
        sizeGiven: true,
        ...companion,
      })),
      albums: [album],
    }
    if (this.images.has(image.key)) throw new Error(`Two images cannot have the key ${image.key}`)
    this.images.set(image.key, image)
    album.images.push(image)
    album.imagesUpdatedAt = now
    return image
  }

  #nodeFacts(init: Partial<NodeFacts> & { name: string }, parent: Folder | undefined): NodeFacts {
    this.#made += 1
    const now = this.tick()
    return {
      id: init.id ?? makeKey(`node ${this.#made}`, 5 + (this.#made % 2), (id) => this.nodes.has(id)),
      name: init.name,
      urlName: init.urlName ?? makeUrlName(init.name, (urlName) => isTaken(urlName, parent)),
      parent,
      description: init.description ?? '',
      privacy: init.privacy ?? 'Public',
      addedAt: init.addedAt ?? now,
      modifiedAt: init.modifiedAt ?? now,
    }
  }

  #place<T extends Node>(node: T, parent: Folder): T {
    this.nodes.set(node.id, node)
    parent.children.push(node)
    return node
  }
}

/** `/Travel/2024/Rome`; the root's is `/` on a node and empty on a folder (smugmug-api 4.1), here it is empty. */
export function urlPathOf(node: Node): string {
  return node.parent ? `${urlPathOf(node.parent)}/${node.urlName}` : ''
}

/** The folders above a node, the root left out, outermost first. */
export function foldersAbove(node: Node): Folder[] {
  return node.parent?.parent ? [...foldersAbove(node.parent), node.parent] : []
}

/** What `EffectivePrivacy` says: what is below something private is private, while an unlisted folder hides only itself (real-answers 4.4). */
export function effectivePrivacy(node: Node): Privacy {
  return node.parent && effectivePrivacy(node.parent) === 'Private' ? 'Private' : node.privacy
}

/** Every album that a backup is about, in the order of the tree; the site's own files are not among them. */
export function* albumsBelow(folder: Folder): Generator<Album> {
  for (const node of folder.children) {
    if (node.type === 'Folder') yield* albumsBelow(node)
    else if (node.type === 'Album') yield node as Album
  }
}

function isTaken(urlName: string, parent: Folder | undefined, self?: Node): boolean {
  return parent?.children.some((node) => node !== self && node.urlName === urlName) ?? false
}

const NO_KEYWORDS: readonly string[] = []
