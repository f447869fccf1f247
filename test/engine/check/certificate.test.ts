import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Certificate, draftCertificate, type FolderCertificate } from '../../../src/engine/check/certificate.ts'
import type { CheckEvent } from '../../../src/engine/check/compare-account.ts'
import type { Sums } from '../../../src/engine/check/sums.ts'
import { checks } from './check-events.ts'

const facts = {
  home: '/home/jane/smugmug_photos',
  startedAt: 1000,
  version: 'test',
  depth: 'quick',
  exporters: ['folder'],
  choice: { albums: [], exclude: [] },
} as const

function certified(events: readonly CheckEvent[]): Certificate {
  const draft = draftCertificate(facts)
  for (const event of events) draft.add(event)
  return draft.finish({ endedAt: 2000, notices: [] })
}

const names = fc.string({ maxLength: 8 })
const itemsOf = (events: readonly CheckEvent[]) => events.filter((event) => event.type === 'item')
const albumsOf = (events: readonly CheckEvent[]) => events.filter((event) => event.type === 'album')

const numbers = [
  'albums',
  'announced',
  'listed',
  'same',
  'missing',
  'accepted',
  'different',
  'made',
  'unreadable',
  'unproven',
  'gone',
  'unlisted',
  'waived',
  'bytes',
  'transcodes',
  'renditions',
  'bySize',
  'byVersion',
  'elsewhere',
] as const satisfies (keyof Sums)[]

function* allFolders(folder: FolderCertificate): Generator<FolderCertificate> {
  yield folder
  for (const inner of folder.folders) yield* allFolders(inner)
}

describe('a certificate', () => {
  it('counts each item once, under its verdict', () => {
    fc.assert(
      fc.property(checks(names), (events) => {
        const { total } = certified(events)
        const kinds = Map.groupBy(itemsOf(events), ({ verdict }) => verdict.kind)
        for (const kind of [
          'same',
          'missing',
          'accepted',
          'different',
          'made',
          'unreadable',
          'unproven',
          'gone',
          'unlisted',
          'waived',
        ] as const)
          expect([kind, total[kind]]).toEqual([kind, kinds.get(kind)?.length ?? 0])
        expect(total.listed).toBe(
          total.same +
            total.missing +
            total.accepted +
            total.different +
            total.made +
            total.unreadable +
            total.unproven,
        )
        expect(total.albums).toBe(albumsOf(events).filter(({ gone }) => !gone).length)
        const private_ = albumsOf(events).filter(({ gone, privacy }) => !gone && privacy.includes('private'))
        expect(certified(events).hidden.private).toBe(private_.length)
        expect(total.announced).toBe(albumsOf(events).reduce((sum, { announced = 0 }) => sum + announced, 0))
      }),
    )
  })

  it('says of what is at home how large it is, what it is and how sure that is', () => {
    fc.assert(
      fc.property(checks(names), (events) => {
        const { total } = certified(events)
        const same = itemsOf(events).flatMap(({ verdict }) => (verdict.kind === 'same' ? [verdict] : []))
        const times = same.map(({ verifiedAt }) => verifiedAt)
        expect(total).toMatchObject({
          bytes: same.reduce((sum, { size }) => sum + size, 0),
          transcodes: same.filter(({ file }) => file === 'transcode').length,
          renditions: same.filter(({ file }) => file === 'rendition').length,
          bySize: same.filter(({ by }) => by === 'size').length,
          byVersion: same.filter(({ by }) => by === 'version').length,
          elsewhere: same.filter(({ elsewhere }) => elsewhere).length,
          verified: same.length === 0 ? undefined : { from: Math.min(...times), to: Math.max(...times) },
        })
        for (const name of ['folder', 'zip', 'constructor'])
          expect(Object.entries(total.exporters).find(([key]) => key === name)?.[1] ?? 0).toBe(
            same.filter(({ exporters }) => exporters.includes(name)).length,
          )
      }),
    )
  })

  it('adds up: an album from its items, a folder from what is in it, the whole from its top and what has no album', () => {
    fc.assert(
      fc.property(checks(names), (events) => {
        const { top, total, outside } = certified(events)
        for (const { sums, albums, folders } of allFolders(top))
          for (const number of numbers)
            expect(sums[number]).toBe([...albums, ...folders].reduce((sum, part) => sum + part.sums[number], 0))
        for (const number of numbers) expect(total[number]).toBe(top.sums[number] + outside[number])
        const albums = [...allFolders(top)].flatMap(({ albums }) => albums)
        expect(albums.map(({ key }) => key).sort()).toEqual(
          albumsOf(events)
            .map(({ key }) => key)
            .sort(),
        )
        for (const { key, sums } of albums) {
          const items = itemsOf(events).filter(({ album }) => album === key)
          const { same, missing, accepted, different, made, unreadable, unproven, gone, unlisted, waived } = sums
          const all = same + missing + accepted + different + made + unreadable + unproven + gone + unlisted + waived
          expect(all).toBe(items.length)
        }
      }),
    )
  })

  it('is complete exactly when nothing is missing, different, only made by an exporter, unreadable, unproven or unlisted', () => {
    const open = ['missing', 'different', 'made', 'unreadable', 'unproven', 'unlisted']
    fc.assert(
      fc.property(checks(names), (events) => {
        const isOpen = itemsOf(events).some(({ verdict }) => open.includes(verdict.kind))
        expect(certified(events).complete).toBe(!isOpen)
      }),
    )
  })

  it('keeps two folders of one name apart, and one folder together', () => {
    const album = (key: string, id: string): CheckEvent => {
      const folders = [{ id, name: 'Travel' }]
      return { type: 'album', key, name: key, folders, announced: 1, privacy: ['public'], gone: false }
    }
    const { top } = certified([album('a', '1'), album('b', '2'), album('c', '1')])
    expect(top.folders.map(({ albums }) => albums.map(({ key }) => key))).toEqual([['a', 'c'], ['b']])
  })

  it('keeps the first 500 findings of each kind, so that it stays small, and counts all', () => {
    const item = (index: number, kind: 'missing' | 'different'): CheckEvent => {
      const verdict = { kind, reason: 'because' }
      return { type: 'item', album: undefined, image: `${index}`, item: `${kind} ${index}`, verdict }
    }
    const events = Array.from({ length: 2000 }, (_, index) => item(index, index < 1500 ? 'missing' : 'different'))
    const { findings, total } = certified(events)
    expect(findings).toHaveLength(1000)
    expect(findings.at(-1)).toMatchObject({ kind: 'different', item: 'different 1999' })
    expect(total).toMatchObject({ missing: 1500, different: 500 })
  })
})
