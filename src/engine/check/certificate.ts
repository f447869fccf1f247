import type { InspectDepth } from '../../exporter/types.ts'
import type { AlbumChoice } from '../account/album-filter.ts'
import type { Privacy } from '../account/picture-filter.ts'
import type { CheckEvent } from './compare-account.ts'
import { added, counted, nothing, openIn, type Sums, sumOf } from './sums.ts'
import type { Verdict, VerdictKind } from './verdict.ts'

/** Numbers of albums on SmugMug with restricted visibility; an unlisted one may also have a password. */
export type HiddenAlbums = Record<Exclude<Privacy, 'public'>, number>

/** The result of comparing home with SmugMug at one time. Times are milliseconds since 1970, sizes bytes. */
export interface Certificate {
  account: { nickName: string; name: string }
  /** Absolute path. */
  home: string
  startedAt: number
  endedAt: number
  /** Of smugdl. */
  version: string
  /** How home was checked: `quick` by size and time, `full` by every byte. */
  depth: InspectDepth
  /** Names of the exporters whose deliveries counted. */
  exporters: readonly string[]
  /** Albums excluded from this check by the user. */
  choice: AlbumChoice
  excluded: number
  /** Counts of the albums that were compared. */
  hidden: HiddenAlbums
  /** Number of images of the account as SmugMug announces it: each counted once, in however many albums; known to drift. */
  announced: number | undefined
  /** Everything that the account lists is at home, or was accepted as missing. */
  complete: boolean
  /** Sums over `top` and `outside`. */
  total: Sums
  /** Findings that belong to no album: parts of the account that could not be seen. */
  outside: Sums
  /** The account's root folder, which has no name. */
  top: FolderCertificate
  /** What SmugMug has besides the compared files, in numbers of listed images. */
  beside: {
    /** With a title, a caption or keywords. */
    words: number
    /** Of those, with a file beside the picture at home that contains them. */
    sidecars: number
    /** Of those, with a file that the user wrote or changed, so that its contents are unknown. */
    yours: number
    /** Not among those: of pictures that the user accepted as missing, and which therefore have no file at home. */
    accepted: number
    /** With a location that SmugMug knows, and of those, with a file beside the picture at home that contains it. */
    places: { known: number; sidecars: number }
    /** Albums and folders with a description: their number, how many have their file at home, and for how many that file is the user's. */
    described: { words: number; atHome: number; yours: number }
    /** Exporters that wrote these files beside the pictures; without any, the texts are in the catalog only. */
    describers: readonly string[]
    /** With RAW files that SmugMug does not provide to this key, or that are excluded on purpose. */
    raw: { notGiven: number; leftOut: number }
    /** The first of those that are at home as SmugMug's own conversion: `folder/…/album/file name`. */
    conversions: string[]
  }
  /** The first findings of each kind other than `same`; their number is in `total`. */
  findings: Finding[]
  notices: readonly string[]
}

/** A folder; its sums are those of the albums and folders in it. */
export interface FolderCertificate {
  id: string
  name: string
  sums: Sums
  albums: AlbumCertificate[]
  folders: FolderCertificate[]
}

/** An album; its sums are those of its items. */
export interface AlbumCertificate {
  key: string
  name: string
  /** No longer on SmugMug. */
  gone: boolean
  /** Number of images as SmugMug announces it. */
  announced: number | undefined
  sums: Sums
}

export interface Finding {
  kind: Exclude<VerdictKind, 'same'>
  item: string
  album?: string
  image?: string
  reason?: string
}

/** Number of findings of each kind that are kept; `--combined` names all items. */
const keptOfAKind = 500

export interface CertificateDraft {
  add(event: CheckEvent): void
  finish(ended: { endedAt: number; notices: readonly string[] }): Certificate
}

/** Builds a certificate from the events of a check. Memory grows with the number of albums, not of images. */
export function draftCertificate(
  facts: Pick<Certificate, 'home' | 'startedAt' | 'version' | 'depth' | 'exporters' | 'choice'>,
): CertificateDraft {
  const beside: Certificate['beside'] = {
    words: 0,
    sidecars: 0,
    yours: 0,
    accepted: 0,
    places: { known: 0, sidecars: 0 },
    described: { words: 0, atHome: 0, yours: 0 },
    describers: [],
    raw: { notGiven: 0, leftOut: 0 },
    conversions: [],
  }
  const hidden: HiddenAlbums = { unlisted: 0, private: 0, password: 0 }
  let account = { nickName: '', name: '' }
  let announced: number | undefined
  let excluded = 0
  let outside = nothing
  const top = emptyFolder('', '')
  const folders = new Map<string, FolderCertificate>()
  const albums = new Map<string, AlbumCertificate>()
  const findings = new Map<VerdictKind, Finding[]>()

  const folderOf = (around: readonly { id: string; name: string }[]): FolderCertificate =>
    around.reduce<FolderCertificate>((parent, { id, name }) => {
      const known = folders.get(id)
      if (known !== undefined) return known
      const made = emptyFolder(id, name)
      folders.set(id, made)
      parent.folders.push(made)
      return made
    }, top)

  return {
    add(event) {
      switch (event.type) {
        case 'account':
          account = { nickName: event.nickName, name: event.name }
          announced = event.announced
          excluded = event.excluded
          beside.describers = event.describers
          beside.described = event.described
          return
        case 'album': {
          const { key, name, gone } = event
          const sums = { ...nothing, albums: gone ? 0 : 1, announced: event.announced ?? 0 }
          const album = { key, name, gone, announced: event.announced, sums }
          albums.set(key, album)
          for (const kind of gone ? [] : event.privacy) if (kind !== 'public') hidden[kind] += 1
          folderOf(event.folders).albums.push(album)
          return
        }
        case 'item': {
          const { verdict } = event
          const album = event.album === undefined ? undefined : albums.get(event.album)
          if (album === undefined) outside = counted(outside, verdict, false)
          else album.sums = counted(album.sums, verdict, event.isRaw === true)
          // Its reason also covers the missing images.
          if (event.description?.words && verdict.kind === 'accepted') beside.accepted += 1
          else if (event.description !== undefined && verdict.kind !== 'missing') {
            const { words, place, sidecar } = event.description
            if (words) beside.words += 1
            if (words && sidecar !== undefined) beside[sidecar === 'ours' ? 'sidecars' : 'yours'] += 1
            if (place) beside.places.known += 1
            if (place && sidecar === 'ours') beside.places.sidecars += 1
          }
          if (verdict.kind === 'same') {
            if (verdict.file === 'transcode' && beside.conversions.length < keptOfAKind)
              beside.conversions.push(event.item)
            return
          }
          const alike = findings.get(verdict.kind) ?? []
          if (alike.length < keptOfAKind) alike.push(findingOf(event, verdict))
          findings.set(verdict.kind, alike)
          return
        }
        case 'rawAway':
          beside.raw = { notGiven: event.notGiven, leftOut: event.leftOut }
          return
        default:
          event satisfies never
      }
    },
    finish(ended) {
      const summed = summedUp(top)
      const total = added(summed.sums, outside)
      return {
        ...facts,
        ...ended,
        beside,
        account,
        excluded,
        hidden,
        announced,
        complete: openIn(total) === 0,
        total,
        outside,
        top: summed,
        findings: [...findings.values()].flat(),
      }
    },
  }
}

function emptyFolder(id: string, name: string): FolderCertificate {
  return { id, name, sums: nothing, albums: [], folders: [] }
}

function summedUp(folder: FolderCertificate): FolderCertificate {
  const folders = folder.folders.map(summedUp)
  return { ...folder, folders, sums: sumOf([...folder.albums, ...folders]) }
}

function findingOf({ item, album, image }: CheckEvent & { type: 'item' }, verdict: Verdict): Finding {
  return {
    kind: verdict.kind as Finding['kind'],
    item,
    ...(album !== undefined && { album }),
    ...(image !== undefined && { image }),
    ...('reason' in verdict && { reason: verdict.reason }),
  }
}
