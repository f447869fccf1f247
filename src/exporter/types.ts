/** JSON and nothing else: what crosses the contract can cross a process border and be stored. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain | undefined }

/** A record as SmugMug's API sent it, less its secrets (passwords, upload keys, addresses of the owner). */
export type RawRecord = { readonly [field: string]: Plain | undefined }

export interface Account {
  readonly nickName: string
  readonly name: string
  readonly webUri?: string
  readonly raw: RawRecord
}

export interface Folder {
  /** SmugMug's NodeID. */
  readonly id: string
  readonly name: string
  readonly urlName: string
  readonly raw: RawRecord
}

export interface Album {
  readonly key: string
  readonly nodeId?: string
  readonly name: string
  readonly description: string
  /** Slugs from the root, `/Travel/2024/Rome`. */
  readonly urlPath: string
  /** The folders around it, outermost first; empty for an album at the root. */
  readonly folders: readonly Folder[]
  /** The display names of `folders`. */
  readonly path: readonly string[]
  /** Where its files belong: one safe, unique name per folder and one for the album; stays the same from run to run. */
  readonly directory: readonly string[]
  /** What SmugMug announces, which need not be what it lists. */
  readonly imageCount?: number
  readonly lastUpdated?: string
  readonly imagesLastUpdated?: string
  readonly webUri?: string
  readonly raw: RawRecord
}

/** A picture or a video in an album. The same `key` may come in several albums. Times are ISO 8601. */
export interface Image {
  readonly key: string
  /**
   * '' for the image itself. Another file that SmugMug keeps with it (a RAW file) comes after it, with the same `key` and texts, and a name here: `raw:cr2`.
   * An exporter that shows pictures should show only those without a component.
   */
  readonly component: string
  /** Version of the file on SmugMug; grows when it is replaced. */
  readonly serial: number
  /** As uploaded; may be empty, and need not be unique. */
  readonly fileName: string
  /** Safe and unique in its album, with the extension of what is delivered; stays the same from run to run. */
  readonly name: string
  /** 0-based place in the album's own order. */
  readonly position: number
  readonly isVideo: boolean
  readonly format: string
  readonly title: string
  readonly caption: string
  readonly keywords: readonly string[]
  readonly hidden: boolean
  /** UTC. */
  readonly uploadedAt?: string
  /** UTC. */
  readonly updatedAt?: string
  /**
   * The camera's own clock, `2024-04-30T10:12:09`, without a zone. For a video it is UTC, `2024-04-30T08:12:09Z`: SmugMug takes it from the
   * container, as far as the only known answer shows. Absent where it only stands for "unknown" (1970, 1904, midnight of 1 January 2000).
   */
  readonly capturedAt?: string
  /** Degrees; absent when SmugMug knows none. */
  readonly latitude?: number
  readonly longitude?: number
  /** Metres. */
  readonly altitude?: number
  readonly width?: number
  readonly height?: number
  readonly webUri?: string
  readonly raw: RawRecord
}

/** `original`: the untouched upload. `transcode`: SmugMug's own conversion where it offers no original (videos). `rendition`: a smaller copy, because a right is missing. */
export type FileKind = 'original' | 'transcode' | 'rendition'

/** Facts about a file whose bytes were compared with what SmugMug announces. */
export interface FileFacts {
  readonly kind: FileKind
  /** Bytes. */
  readonly size: number
  /** 32 lower-case hexadecimal digits. */
  readonly md5: string
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string
  readonly contentType: string
}

/** A verified staging file, shared by all exporters: read it, never change it. It is gone when the delivery is durable. */
export interface VerifiedFile extends FileFacts {
  /** Absolute. */
  readonly path: string
  stream(): NodeJS.ReadableStream
}

/**
 * Where an image went and what proves it. `path` is relative to the exporter's output, with `/` between names. Further fields are the
 * exporter's own, and are passed to `inspect`, `relocate` and `remove` in later runs. These are smugdl's:
 * - `size`, `sha256` and `modifiedMs`: what smugdl found when it looked at the file;
 * - `beside` and `clock`: its sidecars, and the camera's clock in it;
 * - `edited`: the user changed the file and keeps it so;
 * - `sidecars` and `said`, of an archive's delivery: the sidecars in it, and for each what distinguishes its text from another.
 *
 * `address` is shown to users instead of a path if the image is kept elsewhere: `s3://bucket/album/picture.jpg`.
 */
export interface Delivery {
  readonly path: string
  readonly [proof: string]: Plain | undefined
}

/** An exporter's copy of an image: where it is, and which bytes. */
export interface Delivered {
  readonly delivery: Delivery
  readonly facts: FileFacts
}

/** A copy that an exporter has but the catalog does not know. */
export interface Found extends Delivered {
  /** When every byte of it was last compared, for example at the upload; milliseconds since 1970. */
  readonly verifiedAt: number
}

/** Such a copy of the picture with this key. */
export interface Stray extends Found {
  /** Keys, and the component as `Image` has them. */
  readonly album: string
  readonly image: string
  readonly component: string
  readonly serial: number
}

export interface ListedAlbum {
  readonly album: Album
  /** In the album's own order. */
  images(): AsyncIterable<ListedImage>
}

export interface ListedImage {
  readonly image: Image
  /**
   * `delivered`: by every exporter of this run that wants bytes. `accepted`: the user accepted that it will never come. `listed`: no exporter of
   * this run wants bytes, and none had any earlier. Otherwise `failed`.
   */
  readonly state: 'delivered' | 'failed' | 'accepted' | 'listed'
  /** Why it was not delivered, a sentence. */
  readonly reason?: string
  /** Facts about the bytes that an exporter has, if possible one of this run. */
  readonly file?: FileFacts
  /** By exporter name: all exporters that ever had it. */
  readonly deliveries: Readonly<Record<string, Delivered>>
  /** What the asking exporter itself returned for it, with bytes or without. */
  readonly returned?: Delivery
}

/** `deliver` and `relocate` may return this instead of a delivery. It becomes durable only with `endAlbum`; the staged file is kept until then. */
export interface PendingDelivery extends Delivery {
  readonly pending: true
}

/** `changed`: no longer what was delivered, and not by us; it is the user's and never touched. `damaged`: same size and time, but other bytes. */
export type Inspection = 'ok' | 'missing' | 'damaged' | 'changed'

/** `quick` looks at size and time, `full` reads every byte. */
export type InspectDepth = 'quick' | 'full'

export interface Failure {
  /** A sentence. */
  readonly reason: string
  /** What the user can do, a sentence. */
  readonly next?: string
}

/** Per exporter; `listed = new + updated + unchanged + skipped + failed`. */
export interface Counts {
  readonly listed: number
  readonly new: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  /** Bytes of the files that it wrote in this run; if it keeps pictures elsewhere, of the files that it was given. */
  readonly bytes: number
}

export interface Logger {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
}

/** A file being written under a temporary name. `commit` gives it its own name, durably. After `abort`, or if `commit` fails, no trace is left. */
export interface NewFile {
  /** Absolute; what was written can be read here until `commit`. */
  readonly path: string
  write(chunk: string | Uint8Array): Promise<void>
  commit(): Promise<Delivery>
  abort(): Promise<void>
}

/**
 * How the same bytes get a second place. `copy`: shares its blocks where the disk can. `reflink`: the same, but the user is told where the disk
 * cannot. `hardlink`: another name for the same file, with its time; where the disk has no links, the file is copied.
 */
export type Duplicates = 'copy' | 'hardlink' | 'reflink'

/** How this computer reaches the network, as set by the user. A proxy's address may contain a password: never show it. */
export interface Network {
  readonly proxy: {
    readonly https?: string | undefined
    readonly http?: string | undefined
    /** Hosts to reach directly, as in `NO_PROXY`. */
    readonly no?: string | undefined
  }
  /** Certificates in PEM, to be trusted besides Node's own. */
  readonly ca?: string | undefined
  readonly userAgent: string
}

/** Everything that an exporter may do besides reading its arguments. */
export interface ExporterContext<Options = Record<string, string | number | boolean>> {
  readonly log: Logger
  /** Aborted when the run must end; running hooks have a few seconds. */
  readonly signal: AbortSignal
  /** Absolute path of the folder that belongs to this exporter. */
  readonly output: string
  readonly options: Options
  /** Nothing may be written; `deliver` is not called. */
  readonly dryRun: boolean
  /** The version of smugdl. */
  readonly version: string
  /** Nickname of the account whose home this is; empty until a run knows it. */
  readonly account: string
  /** Names of the exporters of this run, in the order in which they get each image. */
  readonly exporters: readonly string[]
  /** The number of parallel transfers that the user allows (`--concurrency`). An exporter that uploads must respect it, over all albums together. */
  readonly concurrency: number
  /** Only for built-in exporters; a plugin has what its own process has. */
  readonly network?: Network
  /**
   * Puts the staged file under `path` (names from the output down; each is made safe), durably. It replaces nothing but this image's own
   * unchanged earlier delivery: if something else is there, ours gets ` [ImageKey]`, and both are named to the user. It may move the file
   * instead of copying it if nobody else needs it.
   * `modifiedAt` (milliseconds since 1970) becomes the file's time. `duplicates` says how to make the file if this exporter already has the same
   * bytes.
   */
  place(
    file: VerifiedFile,
    path: readonly string[],
    facts?: { modifiedAt?: number; duplicates?: Duplicates },
  ): Promise<Delivery>
  /**
   * Writes a whole file, atomically and durably. It replaces only an earlier file of ours. `path` as in `place`. Throws if the file belongs to another
   * image: two images in two albums may have the same name, and `image.key` distinguishes them.
   */
  writeFile(path: readonly string[], data: string | Uint8Array): Promise<Delivery>
  /** Like `writeFile`, but in pieces. */
  createFile(path: readonly string[]): Promise<NewFile>
  /**
   * For deliveries that `place`, `writeFile` and `createFile` returned. Files of the last two are remembered by their path, which
   * is enough to identify them, for `move` and `discard` too: the deliveries of one archive need not all carry its proof.
   */
  inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection>
  /** Moves what `place`, `writeFile` or `createFile` made to another path, never over anything. */
  move(delivery: Delivery, path: readonly string[]): Promise<Delivery>
  /** Moves what `place`, `writeFile` or `createFile` made to the run's trash, and removes folders that are then empty. */
  discard(delivery: Delivery): Promise<void>
  /** The other exporters' copies of an image of this album, by exporter name. Exporters before this one include what is new in this run. */
  deliveries(image: Image, album: Album): Promise<Readonly<Record<string, Delivered>>>
  /**
   * All albums on SmugMug that were ever listed, sorted by directory: for an exporter that writes one thing about the whole account.
   * Complete in `finish`. Only one image is in memory at a time.
   */
  listing(): AsyncIterable<ListedAlbum>
  /** The images of one album as it was last listed, in its own order; only one is in memory at a time. */
  images(album: Album): AsyncIterable<ListedImage>
  /**
   * SmugMug's own small copy of an image, as a staged file for `place`; undefined if there is none, which never fails the picture.
   * For exporters with `wantsSmallCopies`, in hooks about that image. `S` fits into 400 by 300 pixels, `M` into 600 by 450.
   */
  smallCopy(image: Image, album: Album, size: 'S' | 'M'): Promise<VerifiedFile | undefined>
  /** Reports that this number of further bytes was sent to where this exporter keeps its pictures. Only shown as progress. */
  uploaded(bytes: number): void
  /** A small durable memory of this exporter for this output; values are stored with the catalog. */
  readonly state: {
    get(key: string): Promise<Plain | undefined>
    set(key: string, value: Plain | undefined): Promise<void>
  }
}

/** What a hook gets with every image, such as its album. */
export interface ImageContext {
  readonly album: Album
  /** In `deliver` and `copy`: this exporter's delivery of the image from an earlier run, with its own fields. Its file may be gone. */
  readonly before?: Delivery
  /**
   * The camera's clock in the file's own EXIF, `2024-04-30T10:12:09` without a zone: of the staged file in `deliver`, of the file at home
   * in `sidecars`. Absent if there is none.
   */
  readonly clock?: string
}

/** A small text file beside a picture's file, with what SmugMug knows about the picture. */
export interface Sidecar {
  /** Added to the picture's name: `.xmp` makes `IMG_1.JPG.xmp` from `IMG_1.JPG`. */
  readonly suffix: string
  readonly text: string
}

/**
 * What an exporter does. All hooks are asynchronous and awaited.
 *
 * Order: `deliver`, `unchanged`, `failed`, `relocate` and `remove` of different albums may run at the same time. Those of one album come one by one (or
 * `concurrency` at once), between its `beginAlbum` and `endAlbum`.
 *
 * Crashes: `deliver`, `relocate` and `remove` may be called again with the same arguments afterwards, so they must be idempotent.
 *
 * Errors: a hook that throws, or takes too long, fails that delivery and nothing else. A failing `prepare` stops the run. So does an error whose
 * `name` is `DestinationError`, in any hook: the place where the exporter keeps its pictures is gone, full or closed, so the next picture would fail
 * too. Its message says what happened; `next`, a sentence, says what the user can do.
 */
export interface Hooks {
  /** Called for all exporters before the first byte; throw what the user must fix. */
  prepare?(): Promise<void> | void
  begin?(account: Account): Promise<void> | void
  beginAlbum?(album: Album): Promise<void> | void
  /**
   * The image is verified and staged. The result is recorded once it is durable. An exporter that keeps pictures `here` returns
   * where its file is. The delivery fails if that file is missing, empty, or another image's. `file` is absent if the exporter
   * `needs: 'listing'`.
   */
  deliver(
    image: Image,
    file: VerifiedFile,
    where: ImageContext,
  ): Promise<Delivery | PendingDelivery | undefined> | Promise<void> | Delivery | PendingDelivery | undefined
  /**
   * Returns the sidecars that a picture's file should have. The same input must give the same texts. smugdl writes them. From then on they are
   * part of the delivery: verified, repaired, moved and removed with it, and written again when the texts change, without a
   * download. A sidecar that somebody else changed is the user's. Only for exporters whose deliveries are files made by `place`.
   */
  sidecars?(image: Image, where: ImageContext): Promise<readonly Sidecar[]> | readonly Sidecar[]
  /** The image was delivered in an earlier run and is still there. */
  unchanged?(image: Image, delivery: Delivery, where: ImageContext): Promise<void> | void
  failed?(image: Image, failure: Failure, where: ImageContext): Promise<void> | void
  /**
   * All images of the album have had their turn. Pending deliveries must be durable when this returns; it may return another path for
   * them. Not called if the run was stopped before: what is pending stays pending for the next run.
   */
  endAlbum?(album: Album): Promise<{ readonly path: string } | undefined> | Promise<void> | void
  finish?(counts: Counts): Promise<void> | void
  /** Instead of `finish`, when the run ends early. */
  abort?(failure: Failure): Promise<void> | void
  /**
   * Says whether a delivery is as it was left. Called in runs, and by `verify` and `check` without any other hook. Many calls run at
   * once, and an archive is asked about for each image in it, so read it once and remember. Without this hook smugdl inspects the file itself. Nobody
   * can inspect what is kept elsewhere then, so it proves nothing. Any answer other than the four words fails that image.
   */
  inspect?(delivery: Delivery, depth: InspectDepth): Promise<Inspection> | Inspection
  /**
   * The image, its album or a folder was renamed: move what is there. Without this hook, a file that has the picture's bytes is
   * delivered again and the old one removed; anything else stays where it is.
   */
  relocate?(
    delivery: Delivery,
    image: Image,
    where: ImageContext,
  ): Promise<Delivery | PendingDelivery> | Delivery | PendingDelivery
  /**
   * For an exporter that keeps pictures `elsewhere`: makes the image from the same bytes that `from` has there, for another image or in another
   * album. Called before the bytes are obtained. Without this hook, or if it returns nothing, `deliver` gets them.
   */
  copy?(from: Delivery, image: Image, where: ImageContext): Promise<Delivery | undefined> | Delivery | undefined
  /**
   * Returns the path that `deliver` and `relocate` would give the image. Called for each image of an album that is processed,
   * also in a dry run, which has no `beginAlbum`. If the answer differs from the last one, `relocate` is called. Without this hook, `relocate`
   * is called when anything that the exporter was given has changed, except the image's `position` and `raw`.
   */
  pathOf?(image: Image, where: ImageContext): Promise<string> | string
  /**
   * For an exporter that keeps pictures `elsewhere`: returns what is there of an image that the catalog does not know, for example after it was lost. Called
   * before a download, in a dry run too, if SmugMug announces an MD5. The result is believed only if its facts have that MD5 and size; then
   * nothing is downloaded. Without this hook the image is delivered again.
   */
  find?(
    image: Image,
    known: { readonly md5: string; readonly size?: number },
    where: ImageContext,
  ): Promise<Found | undefined> | Found | undefined
  /**
   * Only for built-in exporters that keep pictures `elsewhere`: returns what they wrote there at paths that `isRecorded` does not know, because a run was killed
   * before it was recorded, or the catalog was lost. Called at the beginning of the next run. What is returned is recorded, whatever its place
   * should be now; if a picture is there twice, one is removed (`remove`). Never return what somebody else put there.
   */
  strays?(isRecorded: (path: string) => boolean): AsyncIterable<Stray>
  /** The bytes of a delivery, so that they need not be downloaded; the caller compares them with their hash. */
  read?(delivery: Delivery): AsyncIterable<Uint8Array>
  /** The image is gone from SmugMug and the user asked for a mirror. Without this hook its file goes to the trash, if it is a file of its own. */
  remove?(delivery: Delivery): Promise<void> | void
}

export interface OptionDefinition {
  readonly type: 'string' | 'number' | 'boolean'
  readonly help: string
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  /** The text is a path template, for each `image` (`pathTemplate`) or each `album` (`albumTemplate`). Mistakes in it are refused before the first request. */
  readonly template?: 'image' | 'album'
}

export type Keeps = 'here' | 'elsewhere' | 'nothing'

export interface Exporter {
  /** Lower-case letters, digits and hyphens; a plugin's is its file's or folder's name. */
  readonly name: string
  /** 1. */
  readonly apiVersion: number
  readonly description?: string
  readonly options?: Readonly<Record<string, OptionDefinition>>
  /** `listing`: wants no bytes; `deliver` gets no file, and nothing is fetched for it. */
  readonly needs?: 'files' | 'listing'
  /**
   * Where it keeps what it makes of a picture. `here`: a file below its output (the default). `elsewhere`: where only its `inspect` can
   * look. `nothing`: it posts, prints or counts. A picture is proved safe only by a file here with the picture's own bytes, or by one elsewhere that
   * `inspect` finds.
   */
  readonly keeps?: Keeps
  /**
   * Its files are made from the pictures (captioned, converted, scaled) and need not have their bytes. Such a file is always counted separately and
   * never proves the picture; unless this is declared, `plugins check` treats it as a mistake.
   */
  readonly alters?: boolean
  /**
   * Names that no folder or album may get, because this exporter writes files with these names: full names at the root of the output
   * (`manifest.json`), or `*.zip` for a file beside each album's folder with the album's name.
   */
  readonly reserves?: readonly string[]
  /**
   * What a plugin needs besides its own folder: the network, starting programs. The user is asked, or the run is refused, before the
   * first byte.
   */
  readonly wants?: readonly ('net' | 'run')[]
  /** It uses its context's `smallCopy`: the lists then include the addresses, without an additional request. */
  readonly wantsSmallCopies?: boolean
  /** A hook that takes longer fails; default 5. */
  readonly hookMinutes?: number
  /** Number of hooks of one album that may run at once; default 1, one by one. */
  readonly concurrency?: number
  create(context: ExporterContext): Hooks | Promise<Hooks>
}
