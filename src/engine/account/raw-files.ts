import { KeyedQueue } from '../../async/keyed-queue.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import type { Image } from '../../smugmug/api/image.ts'
import { type Component, companionsOf, componentsOf } from '../../smugmug/api/source-files.ts'
import type { Api } from '../../smugmug/api.ts'
import { HttpError } from '../../smugmug/transport/http-error.ts'
import { companionRows, type NewRow, untoldRow } from './raw-file-rows.ts'

/** Whether RAW files are downloaded: if SmugMug provides them, never, or always, so that a run without them fails. */
export type RawMode = 'auto' | 'never' | 'require'

/** Number of pictures whose RAW files are not listed: because SmugMug did not provide them, or because they are excluded on purpose. */
export interface RawAway {
  readonly notGiven: number
  readonly leftOut: number
}

/** The result of requesting the files kept with an image; `known` leaves the recorded ones unchanged. */
type Asked = { readonly rows: readonly NewRow[]; readonly record?: NewRow['record'] } | 'known'

/** How SmugMug answered the last request; `guess`: for pictures that only have the name of a RAW file. */
interface Memory {
  readonly state: 'unknown' | 'available' | 'refused'
  readonly at: number
  readonly guess?: 'found' | 'nothing'
}

const askAgainAfterMs = 30 * 24 * 60 * 60 * 1000

/**
 * RAW files and other files that SmugMug Source keeps with pictures, for one account in one run. No answer of the service was available when this
 * was written, so a wrong assumption must cost little: no requests for an account without such files; a refusal by SmugMug is found by two
 * requests and remembered for 30 days; an unexpected answer is a failure of that one file.
 */
export class RawFiles {
  readonly mode: RawMode
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly #api: Api
  readonly #catalog: Catalog
  readonly #fresh: boolean
  readonly #refused = new Set<string>()
  readonly #first = new KeyedQueue()
  #memory: Memory
  #probe: Promise<Asked | undefined> | undefined

  /** `fresh`: answers to earlier runs are ignored. */
  constructor(
    mode: RawMode,
    { api, catalog, now, fresh }: { api: Api; catalog: Catalog; now: number; fresh: boolean },
  ) {
    this.mode = mode
    this.#api = api
    this.#catalog = catalog
    this.startedAt = now
    this.#fresh = fresh
    const memory = catalog.state.get(ofRaw, account) as Memory | undefined
    const isOld = memory !== undefined && (now - memory.at >= askAgainAfterMs || memory.at > now)
    this.#memory = memory === undefined || fresh || isOld ? { state: 'unknown', at: now } : memory
  }

  /** Whether an unchanged album must be listed again because some of its files may be available now. */
  isDue(album: string): boolean {
    const away = this.#catalog.state.get(ofRaw, album) as (RawAway & { at: number }) | undefined
    if (away === undefined || this.mode === 'never') return false
    return away.leftOut > 0 || (away.notGiven > 0 && this.startedAt - away.at >= askAgainAfterMs)
  }

  /** One reading of an album's list. */
  listing(album: string): { of(image: Image, picture: NewRow): Promise<Asked>; done(): void } {
    let notGiven = 0
    let leftOut = 0
    const isKnown = (image: Image) => this.#catalog.listings.componentsOf(album, image.key, this.startedAt).some(isTold)
    return {
      of: async (image, picture) => {
        const companions = companionsOf(image)
        if (companions === 'no') return { rows: [] }
        if (this.mode === 'never') {
          if (companions === 'told' && !isKnown(image)) leftOut += 1
          return 'known'
        }
        if (!this.#fresh && this.#isUnchanged(album, image)) return this.#asKnown(album, image, picture)
        const asked = await (companions === 'told' ? this.#ask(image, picture) : this.#askedByGuess(image, picture))
        if (asked !== undefined) return asked
        if (companions === 'told' && !isKnown(image)) notGiven += 1
        return 'known'
      },
      done: () => {
        const away = notGiven + leftOut === 0 ? undefined : { notGiven, leftOut, at: this.startedAt }
        this.#catalog.state.set(ofRaw, album, away)
        this.#catalog.state.set(ofRaw, account, { ...this.#memory })
      },
    }
  }

  /** Undefined if SmugMug does not provide them. One picture at a time until it is known whether it provides any. */
  async #ask(image: Image, picture: NewRow): Promise<Asked | undefined> {
    if (this.#memory.state !== 'available') {
      const first = await this.#first.run('', async () => {
        if (this.#memory.state === 'refused') return { asked: undefined }
        return this.#memory.state === 'available' ? undefined : { asked: await this.#asked(image, picture, true) }
      })
      if (first !== undefined) return first.asked
    }
    return this.#asked(image, picture, true)
  }

  /** As `#ask`, for pictures that only have the name of a RAW file: the first one shows whether to request the others. */
  async #askedByGuess(image: Image, picture: NewRow): Promise<Asked | undefined> {
    if (this.#memory.guess === undefined && this.#probe === undefined) {
      this.#probe = this.#asked(image, picture, false).then((asked) => {
        const isFound = asked !== undefined && asked !== 'known' && asked.rows.some(isTold)
        this.#memory = { ...this.#memory, guess: isFound ? 'found' : 'nothing' }
        return isFound ? asked : { rows: [] }
      })
      return this.#probe
    }
    await this.#probe
    return this.#memory.guess === 'found' ? this.#asked(image, picture, false) : { rows: [] }
  }

  async #asked(image: Image, picture: NewRow, isTold: boolean): Promise<Asked | undefined> {
    try {
      const components = await componentsOf(this.#api, image)
      if (isTold || components.length > 0) this.#memory = { ...this.#memory, state: 'available', at: this.startedAt }
      return isTold && components.length === 0 ? undefined : asTold(picture, components)
    } catch (error) {
      if (isRefusal(error)) {
        if (isTold) this.#noteRefusal(image.key)
        return undefined
      }
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
      return { rows: [untoldRow(picture, error)] }
    }
  }

  #noteRefusal(image: string): void {
    if (this.#memory.state !== 'unknown') return
    this.#refused.add(image)
    if (this.#refused.size > 1) this.#memory = { ...this.#memory, state: 'refused', at: this.startedAt }
  }

  /** Whether the answer of an earlier run is still valid, because nothing has changed since. */
  #isUnchanged(album: string, image: Image): boolean {
    const before = this.#catalog.listings.get({ album, image: image.key })
    if (before?.record.Components === undefined || before.goneAt !== undefined) return false
    return before.serial === image.serial && before.record.LastUpdated === image.raw.LastUpdated
  }

  #asKnown(album: string, image: Image, picture: NewRow): Asked {
    const before = this.#catalog.listings.get({ album, image: image.key })
    const rows = this.#catalog.listings.componentsOf(album, image.key, this.startedAt).filter(isTold)
    const { Components } = before?.record ?? {}
    const placed = rows.map(({ name: _, goneAt: __, ...row }) => ({ ...row, position: picture.position }))
    return { rows: placed, record: { ...picture.record, Components } }
  }
}

/** Of all albums that are there. */
export function rawAway({ albums, state }: Catalog): RawAway {
  let [notGiven, leftOut] = [0, 0]
  for (const { key, goneAt } of albums.all()) {
    const away = goneAt === undefined ? (state.get(ofRaw, key) as RawAway | undefined) : undefined
    notGiven += away?.notGiven ?? 0
    leftOut += away?.leftOut ?? 0
  }
  return { notGiven, leftOut }
}

/** The choice of the last run that made one. */
export function rawModeOf({ state }: Catalog): RawMode {
  return (state.get(ofRaw, 'mode:') as RawMode | undefined) ?? 'auto'
}

export function rememberRawMode(mode: RawMode, { state }: Catalog): void {
  if (mode !== rawModeOf({ state } as Catalog)) state.set(ofRaw, 'mode:', mode)
}

/** Key of the state: no exporter has this name, and no album key contains a colon. */
const ofRaw = 'engine:raw'
const account = 'account:'

function asTold(picture: NewRow, components: readonly Component[]): Asked {
  const rows = companionRows(picture, components)
  return { rows, record: { ...picture.record, Components: components.map(({ raw }) => raw) } }
}

function isTold({ source }: Pick<NewRow, 'source'>): boolean {
  return source.kind !== 'none'
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof HttpError &&
    error.kind === 'item' &&
    error.problem === undefined &&
    [401, 403, 404, 410].includes(error.status)
  )
}
