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
   * '' for the image itself. A further file that SmugMug keeps with it (a RAW file) comes after it, with the same `key` and texts, and a name here: `raw:cr2`.
   * Who shows pictures shows those without.
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
   * The camera's own clock, `2024-04-30T10:12:09`, without a zone. Of a video it is UTC, `2024-04-30T08:12:09Z`: SmugMug takes it from the
   * container, as far as the one answer shows that is known. Absent where it only stands for "unknown" (1970, 1904, midnight of 1 January 2000).
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

/** `original`: the untouched upload. `transcode`: SmugMug's own conversion where it offers no original (videos). `rendition`: a lesser copy, because a right is missing. */
export type FileKind = 'original' | 'transcode' | 'rendition'

/** Facts of a file whose bytes were compared with what SmugMug says of them. */
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
 * Where an image went and what proves it. `path` is relative to the exporter's output, `/` between names. Further fields are the
 * exporter's own, and come back to `inspect`, `relocate` and `remove` in later runs; but `size`, `sha256` and `modifiedMs` of a file are
 * smugdl's, which looks at each file that it is given back and puts there what it found, and so are `beside` and `clock`, its sidecars and
 * the camera's clock in it, and `edited`, which says that the user changed it and keeps it so. An archive's delivery names the sidecars in it in `sidecars`, and
 * has in `said`, for each of them, what tells its text from another.
 * `address` is what people are told instead of a path at home, where it is kept elsewhere: `s3://bucket/album/picture.jpg`.
 */
export interface Delivery {
  readonly path: string
  readonly [proof: string]: Plain | undefined
}

/** What an exporter has of an image: where, and which bytes. */
export interface Delivered {
  readonly delivery: Delivery
  readonly facts: FileFacts
}

/** What an exporter has that the catalog does not know. */
export interface Found extends Delivered {
  /** When every byte of it was last compared, such as when it was uploaded; milliseconds since 1970. */
  readonly verifiedAt: number
}

/** One that it has of a picture of this key. */
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
   * `delivered` by every exporter of this run that wants bytes; `accepted` by the user as never to come; `listed` when no exporter of
   * this run wants bytes, and none had any earlier; else `failed`.
   */
  readonly state: 'delivered' | 'failed' | 'accepted' | 'listed'
  /** Why it is not delivered, a sentence. */
  readonly reason?: string
  /** Of the bytes that an exporter has, one of this run if any. */
  readonly file?: FileFacts
  /** By exporter name, of all exporters that ever had it. */
  readonly deliveries: Readonly<Record<string, Delivered>>
  /** What the exporter that asks returned of it itself, with bytes or without. */
  readonly returned?: Delivery
}

/** What `deliver` and `relocate` may return beside a delivery: it becomes durable only with `endAlbum`; the staged file is kept until then. */
export interface PendingDelivery extends Delivery {
  readonly pending: true
}

/** `changed`: no longer what was delivered, but not our doing: the user's, never touched. `damaged`: same size and time, other bytes. */
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
  /** Of the files that it wrote in this run; where it keeps pictures elsewhere, of what it was given. */
  readonly bytes: number
}

export interface Logger {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
}

/** A file being written under a temporary name; it gets its own name, durably, with `commit`, or leaves no trace with `abort` or when `commit` fails. */
export interface NewFile {
  /** Absolute; until `commit` what was written can be read here. */
  readonly path: string
  write(chunk: string | Uint8Array): Promise<void>
  commit(): Promise<Delivery>
  abort(): Promise<void>
}

/**
 * How the same bytes get a second place: as a `copy`, which shares its blocks where the disk can; as a `reflink`, the same with a word
 * to the user where it cannot; or as a `hardlink`, another name of the one file, with its time. Where there are no links it is copied.
 */
export type Duplicates = 'copy' | 'hardlink' | 'reflink'

/** How this computer reaches the network, as the user has set it. An address of a proxy may hold a password: show none. */
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

/** All that an exporter may do beside reading its arguments. */
export interface ExporterContext<Options = Record<string, string | number | boolean>> {
  readonly log: Logger
  /** Aborted when the run is to end; hooks under way have a few seconds. */
  readonly signal: AbortSignal
  /** Absolute path of the folder that belongs to this exporter. */
  readonly output: string
  readonly options: Options
  /** Nothing may be written; `deliver` is not called. */
  readonly dryRun: boolean
  /** Of smugdl. */
  readonly version: string
  /** Nickname of the account whose home this is; empty as long as no run knows. */
  readonly account: string
  /** Names of the exporters of this run, in the order in which they get each image. */
  readonly exporters: readonly string[]
  /** What the user allows at once (`--concurrency`): whoever uploads keeps to it, over all albums together. */
  readonly concurrency: number
  /** Of exporters that come with smugdl only; a plugin has what its own process has. */
  readonly network?: Network
  /**
   * Puts the staged file under `path` (names from the output down; each is made safe), durably and without ever replacing what
   * is not this image's own unchanged earlier delivery: where something else stands, ours gets ` [ImageKey]` and both are named to
   * the user. May move the file instead of copying it when nobody needs it any more.
   * `modifiedAt` (milliseconds since 1970) becomes the file's time. `duplicates` says how it is made where this exporter has the same
   * bytes already.
   */
  place(
    file: VerifiedFile,
    path: readonly string[],
    facts?: { modifiedAt?: number; duplicates?: Duplicates },
  ): Promise<Delivery>
  /**
   * Writes a whole file, atomically and durably, over an earlier one of ours or none. `path` as in `place`. Throws where another image
   * has its file: two images in two albums may have one name, `image.key` tells them apart.
   */
  writeFile(path: readonly string[], data: string | Uint8Array): Promise<Delivery>
  /** As `writeFile`, in pieces. */
  createFile(path: readonly string[]): Promise<NewFile>
  /**
   * For deliveries that `place`, `writeFile` and `createFile` returned. What the last two wrote is remembered by its path, which
   * is enough to name it, to `move` and `discard` too: deliveries of one archive need not all carry its proof.
   */
  inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection>
  /** Moves what `place`, `writeFile` or `createFile` made to another path, never over anything. */
  move(delivery: Delivery, path: readonly string[]): Promise<Delivery>
  /** Removes what `place`, `writeFile` or `createFile` made, into the run's trash, and the folders that are empty then. */
  discard(delivery: Delivery): Promise<void>
  /** What the other exporters of this run have of an image of this album, by exporter name; of those before this one also what is new. */
  deliveries(image: Image, album: Album): Promise<Readonly<Record<string, Delivered>>>
  /**
   * All albums that are on SmugMug, by their directory, as far as they were ever listed: for an exporter that writes one thing about the
   * whole account. Complete in `finish`. One image in memory at a time.
   */
  listing(): AsyncIterable<ListedAlbum>
  /** The images of one album, as it was last listed, in its own order; one in memory at a time. */
  images(album: Album): AsyncIterable<ListedImage>
  /**
   * SmugMug's own small copy of an image, as a staged file for `place`; undefined where there is none to be had, which is no reason for a
   * picture to fail. For exporters with `wantsSmallCopies`, in hooks about that image. `S` fits into 400 by 300 pixels, `M` into 600 by 450.
   */
  smallCopy(image: Image, album: Album, size: 'S' | 'M'): Promise<VerifiedFile | undefined>
  /** So many more bytes have left for where this exporter keeps its pictures: shown while the run goes on, and nothing else. */
  uploaded(bytes: number): void
  /** A small durable memory of this exporter for this output; values are stored with the catalog. */
  readonly state: {
    get(key: string): Promise<Plain | undefined>
    set(key: string, value: Plain | undefined): Promise<void>
  }
}

/** Where a hook is at work: the album comes with every image. */
export interface ImageContext {
  readonly album: Album
  /** In `deliver` and `copy`: what this exporter has of the image from an earlier run, with its own fields. It need not be there any more. */
  readonly before?: Delivery
  /**
   * The camera's clock in the file's own EXIF, `2024-04-30T10:12:09` without a zone: in `deliver` of the staged file, in `sidecars` of the one
   * at home. Absent where there is none.
   */
  readonly clock?: string
}

/** A small text file that lies beside a picture's own and says what SmugMug knows of it. */
export interface Sidecar {
  /** What its name has after the picture's: `.xmp` makes `IMG_1.JPG.xmp` of `IMG_1.JPG`. */
  readonly suffix: string
  readonly text: string
}

/**
 * What an exporter does. All hooks are asynchronous and awaited. `deliver`, `unchanged`, `failed`, `relocate` and `remove` of different
 * albums may run at once, those of one album come one by one (or `concurrency` at once) between its `beginAlbum` and `endAlbum`.
 * After a crash `deliver`, `relocate` and `remove` may be called again with the same arguments: they must be idempotent.
 * A hook that throws, or does not end within its time, fails that delivery and nothing else; a failing `prepare` stops the run, and so does
 * an error whose `name` is `DestinationError`, in any hook: where the exporter keeps its pictures is gone, full or closed to it, and the
 * next picture would fare no better. Its message is what happened; `next`, a sentence, is what the user can do.
 */
export interface Hooks {
  /** Before the first byte, all exporters; throw what must be mended by the user. */
  prepare?(): Promise<void> | void
  begin?(account: Account): Promise<void> | void
  beginAlbum?(album: Album): Promise<void> | void
  /**
   * The image is verified and staged. What is returned is recorded once it is durable. An exporter that keeps pictures `here` returns
   * where its file is; no file there, an empty one, or another image's, and the delivery has failed. `file` is absent where the exporter
   * `needs: 'listing'`.
   */
  deliver(
    image: Image,
    file: VerifiedFile,
    where: ImageContext,
  ): Promise<Delivery | PendingDelivery | undefined> | Promise<void> | Delivery | PendingDelivery | undefined
  /**
   * The sidecars that a picture's file should have; the same input must give the same texts. smugdl writes them, and they are a part of the
   * delivery from then on: proved, repaired, moved and removed with it, written again when the texts change, for which nothing is
   * fetched, and the user's as soon as somebody else changed them. Only of exporters whose deliveries are files that `place` made.
   */
  sidecars?(image: Image, where: ImageContext): Promise<readonly Sidecar[]> | readonly Sidecar[]
  /** The image was delivered in an earlier run and is still there. */
  unchanged?(image: Image, delivery: Delivery, where: ImageContext): Promise<void> | void
  failed?(image: Image, failure: Failure, where: ImageContext): Promise<void> | void
  /**
   * All images of the album have had their turn. What `deliver` declared pending must be durable when this returns, and may have
   * found another path by then. Not called when the run was stopped before: what is pending stays so for the next run.
   */
  endAlbum?(album: Album): Promise<{ readonly path: string } | undefined> | Promise<void> | void
  finish?(counts: Counts): Promise<void> | void
  /** Instead of `finish`, when the run ends early. */
  abort?(failure: Failure): Promise<void> | void
  /**
   * Whether a delivery is as it was left. Asked in runs, and without one by `verify` and `check`: no other hook was called then. Many at
   * once; of an archive, for each image in it, so read it once and remember. Without this hook smugdl looks at the file itself; what is
   * kept elsewhere nobody can look at then, and it proves nothing. Any other answer than the four words fails that image.
   */
  inspect?(delivery: Delivery, depth: InspectDepth): Promise<Inspection> | Inspection
  /**
   * The image, its album or a folder was renamed: move what is there. Without this hook a file that has the picture's bytes is
   * delivered again, and the old one goes; anything else stays where it is.
   */
  relocate?(
    delivery: Delivery,
    image: Image,
    where: ImageContext,
  ): Promise<Delivery | PendingDelivery> | Delivery | PendingDelivery
  /**
   * Of an exporter that keeps pictures `elsewhere`: the image, made of the same bytes that `from` has there, which is of another image or in another
   * album. Asked before the bytes are obtained. Without this hook, or where it returns nothing, `deliver` gets them.
   */
  copy?(from: Delivery, image: Image, where: ImageContext): Promise<Delivery | undefined> | Delivery | undefined
  /**
   * The path that the image is to have, by what `deliver` and `relocate` would give it. Asked for each image of an album that is looked
   * through, also in a dry run, which has no `beginAlbum`: another answer than the last time has `relocate` called. Without this hook `relocate`
   * is called when anything that the exporter was given has changed but the image's `position` and `raw`.
   */
  pathOf?(image: Image, where: ImageContext): Promise<string> | string
  /**
   * Of an exporter that keeps pictures `elsewhere`: what is there of an image that nothing is known of, as after the catalog was lost. Asked
   * before a download, in a dry run too, where SmugMug announces an MD5; it is believed only if its facts have that MD5 and size, and
   * nothing is downloaded then. Without this hook it is delivered again.
   */
  find?(
    image: Image,
    known: { readonly md5: string; readonly size?: number },
    where: ImageContext,
  ): Promise<Found | undefined> | Found | undefined
  /**
   * Of an exporter of smugdl's own that keeps pictures `elsewhere`: what it wrote there and `isRecorded` knows no path of, as when a run was killed before
   * it was recorded, or when the catalog was lost. Asked at the beginning of a run that comes after such a one. What is named here is recorded,
   * whatever its place should be now; of two of one picture one goes (`remove`). Nothing that somebody else put there may be named.
   */
  strays?(isRecorded: (path: string) => boolean): AsyncIterable<Stray>
  /** The bytes of a delivery, so that nobody else has to fetch them; who asked compares them with their hash. */
  read?(delivery: Delivery): AsyncIterable<Uint8Array>
  /** The image is gone from SmugMug and the user asked for a mirror. Without this hook its file goes to the trash, if it is a file of its own. */
  remove?(delivery: Delivery): Promise<void> | void
}

export interface OptionDefinition {
  readonly type: 'string' | 'number' | 'boolean'
  readonly help: string
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  /** Of a text that is a template of paths: of each `image` (`pathTemplate`) or of each `album` (`albumTemplate`). What is wrong with it is refused before the first request. */
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
   * Where what it makes of a picture is: `here`, a file below its output (the default); `elsewhere`, where nobody but its `inspect` can
   * look; or `nothing`, because it posts, prints or counts. Only a file here with the picture's own bytes, or one elsewhere that
   * `inspect` finds, proves that a picture is safe.
   */
  readonly keeps?: Keeps
  /**
   * Its files are made of the pictures (captioned, converted, scaled) and need not have their bytes. Whether it is said or not, such a
   * file is counted apart and never proves the picture; `plugins check` takes it for a mistake unless it is said.
   */
  readonly alters?: boolean
  /**
   * Names that no folder or album gets, because this exporter writes files of these names: whole ones at the root of the output
   * (`manifest.json`), and `*.zip` for one beside the folder of each album that has the album's name.
   */
  readonly reserves?: readonly string[]
  /**
   * What a plugin cannot do without beside its own folder: the network, starting programs. The user is asked, or the run refused, before the
   * first byte.
   */
  readonly wants?: readonly ('net' | 'run')[]
  /** Its context's `smallCopy` is used: the lists then bring the addresses along, for no request more. */
  readonly wantsSmallCopies?: boolean
  /** A hook that takes longer has failed; default 5. */
  readonly hookMinutes?: number
  /** Number of hooks of one album that may run at once; default 1, one by one. */
  readonly concurrency?: number
  create(context: ExporterContext): Hooks | Promise<Hooks>
}
