import fc from 'fast-check'
import type { Privacy } from '../../../src/engine/account/picture-filter.ts'
import type { CheckEvent } from '../../../src/engine/check/compare-account.ts'
import type { Verdict } from '../../../src/engine/check/verdict.ts'

const reason = fc.constantFrom('It was not downloaded yet', 'SmugMug is still processing it')

/** Any verdict. */
const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({
    kind: fc.constant('same' as const),
    file: fc.constantFrom('original', 'transcode', 'rendition'),
    size: fc.nat(1e9),
    by: fc.constantFrom('md5', 'size', 'version'),
    verifiedAt: fc.nat(2e12),
    elsewhere: fc.boolean(),
    exporters: fc.uniqueArray(fc.constantFrom('folder', 'zip', 'constructor'), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constantFrom('missing', 'accepted', 'different', 'made', 'unreadable', 'unproven', 'unlisted', 'waived'),
    reason,
  }),
  fc.constant({ kind: 'gone' as const }),
)

/** Any check of an account: folders up to three deep whose names `names` gives, albums and items in them, and doubts about the account. */
export function checks(names: fc.Arbitrary<string>): fc.Arbitrary<CheckEvent[]> {
  const folder = fc.record({ id: fc.constantFrom('f1', 'f2', 'f3'), name: names })
  const album = fc.record({
    name: names,
    announced: fc.option(fc.nat(1000), { nil: undefined }),
    folders: fc.uniqueArray(folder, { maxLength: 3, selector: ({ id }) => id }),
    items: fc.array(fc.record({ item: names, verdict: verdicts }), { maxLength: 8 }),
    privacy: fc.constantFrom<Privacy[][]>(['public'], ['private'], ['unlisted', 'password'], []),
    gone: fc.boolean(),
  })
  const account = fc.record({ nickName: names, name: names, announced: fc.option(fc.nat(1000), { nil: undefined }) })
  return fc
    .record({ account, doubts: fc.array(reason, { maxLength: 2 }), albums: fc.array(album, { maxLength: 6 }) })
    .map(({ account, doubts, albums }) => [
      {
        type: 'account',
        ...account,
        albums: albums.length,
        excluded: 0,
        describers: [],
        described: { words: 0, atHome: 0, yours: 0 },
      },
      ...doubts.map((text): CheckEvent => {
        const verdict = { kind: 'unlisted', reason: text } as const
        return { type: 'item', album: undefined, image: undefined, item: account.nickName, verdict }
      }),
      ...albums.flatMap(({ items, ...album }, index): CheckEvent[] => {
        const key = `album${index}`
        return [
          { type: 'album', key, ...album },
          ...items.map(
            ({ item, verdict }, place): CheckEvent => ({
              type: 'item',
              album: key,
              image: `${key}-${place}`,
              item,
              verdict,
            }),
          ),
        ]
      }),
    ])
}
