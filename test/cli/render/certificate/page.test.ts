import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../../../src/app/text/printable.ts'
import { certificateObject } from '../../../../src/cli/render/certificate/json.ts'
import { certificatePage } from '../../../../src/cli/render/certificate/page.ts'
import { certificateLines, findingLine, itemLine } from '../../../../src/cli/render/certificate/text.ts'
import { sentences } from '../../../../src/cli/render/certificate/words.ts'
import { type Certificate, draftCertificate } from '../../../../src/engine/check/certificate.ts'
import type { CheckEvent } from '../../../../src/engine/check/compare-account.ts'
import type { Verdict } from '../../../../src/engine/check/verdict.ts'
import { checks } from '../../../engine/check/check-events.ts'

const startedAt = Date.UTC(2026, 10, 24, 12)

function certified(events: readonly CheckEvent[], given: Partial<Certificate> = {}): Certificate {
  const choice = { albums: [], exclude: [] }
  const facts = {
    home: '/home/jane/photos',
    startedAt,
    version: '1.2.3',
    depth: 'quick',
    exporters: [],
    choice,
  } as const
  const draft = draftCertificate({ ...facts, ...given })
  for (const event of events) draft.add(event)
  return { ...draft.finish({ endedAt: startedAt + 1000, notices: [] }), ...given }
}

/** An account of one album with these items. */
function account(verdicts: readonly Verdict[], announced = verdicts.length): CheckEvent[] {
  return [
    {
      type: 'account',
      nickName: 'jane',
      name: 'Jane Doe',
      announced,
      albums: 1,
      excluded: 0,
      describers: [],
      described: { words: 0, atHome: 0, yours: 0 },
    },
    { type: 'album', key: 'a', name: 'Rome', folders: [], announced, privacy: [], gone: false },
    ...verdicts.map(
      (verdict, n): CheckEvent => ({ type: 'item', album: 'a', image: `i${n}`, item: `Rome/${n}.jpg`, verdict }),
    ),
  ]
}

const same = {
  kind: 'same',
  file: 'original',
  size: 1000,
  by: 'md5',
  verifiedAt: startedAt - 1,
  elsewhere: false,
  exporters: ['folder'],
} as const satisfies Verdict

const hostile = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</title><img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><style>*{display:none}',
    '<!--',
    '&lt;b&gt; &amp;',
    '\u202egnp.exe',
    '\u0000\ud800',
    '$& $1 $`',
    '{{x}} %s',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

const tagsIn = (page: string) => page.match(/<[^>]*>/g)

/** The text of a page, as a reader sees it. */
const textOf = (page: string) =>
  page.replace(/<[^>]*>/g, '\n').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

describe('the page', () => {
  it('has the same elements whatever the names are, and shows each name as it is', () => {
    fc.assert(
      fc.property(checks(hostile), (events) => {
        const page = certificatePage(certified(events))
        const harmless = events.map((event): CheckEvent => {
          if (event.type === 'account') return { ...event, nickName: 'x', name: event.name === '' ? '' : 'x' }
          if (event.type === 'item') return { ...event, item: 'x' }
          if (event.type === 'rawAway') return event
          return { ...event, name: 'x', folders: event.folders.map(({ id }) => ({ id, name: 'x' })) }
        })
        expect(tagsIn(page)).toEqual(tagsIn(certificatePage(certified(harmless))))
        const lines = new Set(textOf(page).split('\n'))
        for (const event of events) if (event.type === 'album') expect(lines).toContain(printable(event.name))
        expect(page.isWellFormed()).toBe(true)
      }),
    )
  })

  it('loads nothing, runs nothing and leads nowhere', () => {
    const page = certificatePage(certified(account([same, { kind: 'missing', reason: 'Because' }])))
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<a |href=|src=|url\(|@import|https?:|javascript:/i)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('names the first findings of each kind with their reason, and how many more there are', () => {
    const missing = Array.from(
      { length: 700 },
      () => ({ kind: 'missing', reason: 'SmugMug is still processing it' }) as const,
    )
    const text = textOf(certificatePage(certified(account([same, ...missing, { kind: 'gone' }]))))
    expect(text).toContain('Rome/1.jpg')
    expect(text.match(/SmugMug is still processing it/g)).toHaveLength(1)
    expect(text).toContain('… and 200 more')
    expect(text).toContain('At home, no longer on SmugMug')
  })
})

describe('every form of the certificate', () => {
  it('says "Complete" exactly when it is so', () => {
    fc.assert(
      fc.property(checks(fc.constant('x')), (events) => {
        const certificate = certified(events)
        const { same, listed } = certificate.total
        const numbers = `${same.toLocaleString('en-US')} of ${listed.toLocaleString('en-US')}`
        const said = `${certificate.complete ? 'Complete' : 'Not complete'}: ${numbers}`
        expect(certificateLines(certificate).at(-1)?.startsWith(said)).toBe(true)
        expect(certificatePage(certificate)).toContain(`<h1>${said}</h1>`)
        expect(certificateObject(certificate)).toMatchObject({ complete: certificate.complete })
      }),
    )
  })

  it('says of a part that it is one', () => {
    const choice = { albums: ['Travel/**'], exclude: [] }
    const certificate = certified(account([same]), { choice, excluded: 14 })
    expect(certificateLines(certificate).at(-1)).toBe('Complete for the albums chosen: 1 of 1')
    expect(sentences(certificate)).toContain('14 albums were left out of this check (--album Travel/**).')
  })
})

describe('what is not covered', () => {
  it('is said with numbers, and videos in a conversion by name', () => {
    const [whose, album, ...items] = account([same, { ...same, file: 'transcode' }, { ...same, file: 'rendition' }])
    const beside = items.map(
      (item, n) =>
        ({
          ...item,
          description: { words: n < 3, place: false, sidecar: n === 2 ? 'yours' : undefined },
        }) as CheckEvent,
    )
    const away = { type: 'rawAway', notGiven: 1, leftOut: 2 } as const
    const events: CheckEvent[] = [whose as CheckEvent, album as CheckEvent, ...beside, away]
    const lines = certificateLines(certified(events))
    expect(lines.slice(lines.indexOf('What this does not cover:'), -2)).toEqual([
      'What this does not cover:',
      "  Beside 1 picture or video with a title, a caption or keywords lies a sidecar that you wrote or changed, which stays as it is. What SmugMug has is in smugdl's catalog; a run with --set folder.sidecar=xmp+json writes it beside the picture, too.",
      "  Titles, captions and keywords of 2 pictures and videos as SmugMug has them are only in smugdl's catalog: a run with -e folder writes them beside the pictures, without a download.",
      '  RAW files of 1 picture: SmugMug keeps them, and does not give them to this key. Download them on the web site.',
      '  RAW files of 2 pictures, left out on purpose (--raw never).',
      '  The originals of 1 smaller copy: SmugMug does not give them to this login.',
      '  Comments, people marked in pictures, folders and pages without pictures, rules of smart galleries, passwords, what the home page says, and how the site looks.',
      '  The uploads of 1 video: SmugMug gives back its own conversion only. Keep your own originals of these:',
      '    Rome/1.jpg',
    ])
    expect(textOf(certificatePage(certified(events)))).toContain('Rome/1.jpg')
    const described = events.map((event) => (event.type === 'account' ? { ...event, describers: ['manifest'] } : event))
    expect(certificateLines(certified(described)).join('\n')).toContain(
      '2 pictures and videos as SmugMug has them are in no sidecar, but in what manifest wrote.',
    )
  })

  it('has other advice for the words of a picture that is left out on purpose than for those of one that is home', () => {
    const [whose, album, item] = account([{ kind: 'accepted', reason: 'broken there' }]) as CheckEvent[]
    const told = { ...item, description: { words: true, place: false, sidecar: undefined } } as CheckEvent
    const text = certificateLines(certified([whose as CheckEvent, album as CheckEvent, told])).join('\n')
    expect(text).toContain(
      'Titles, captions and keywords of 1 picture or video left out on purpose: with no file at home',
    )
    expect(text).not.toContain('a run with -e folder')
    expect(text).not.toContain('No picture or video at home has a title')
  })

  it('speaks of the words of pictures that are home, while others are missing', () => {
    const [whose, album, home, away] = account([same, { kind: 'missing', reason: 'not yet' }]) as CheckEvent[]
    const told = { ...home, description: { words: true, place: false, sidecar: 'ours' } } as CheckEvent
    const lines = certificateLines(certified([whose, album, told, away] as CheckEvent[])).join('\n')
    expect(lines).toContain('are home: 1 of 1 picture or video at home with any on SmugMug has them')
  })

  it('counts albums and folders whose descriptions are home, are yours, or are in the catalog only', () => {
    const [whose, ...events] = account([same]) as CheckEvent[]
    const told = { ...whose, described: { words: 6, atHome: 3, yours: 1 } } as CheckEvent
    const text = certificateLines(certified([told, ...events])).join('\n')
    expect(text).toContain('Albums and folders with a description or keywords: 3 of 6 have it at home')
    expect(text).toContain('The album.json or folder.json of 1 album or folder is yours')
    expect(text).toContain("Descriptions and keywords of 2 albums and folders are only in smugdl's catalog")
    const listed = certificateLines(certified([{ ...told, describers: ['manifest'] } as CheckEvent, ...events]))
    expect(listed.join('\n')).toContain('but in what manifest wrote')
  })

  it('leaves each group of what is open with its remedy', () => {
    const page = textOf(certificatePage(certified(account([{ kind: 'made', reason: 'x' }]))))
    expect(page).toContain('Run smugdl with -e folder too: it brings the pictures themselves.')
  })
})

describe('the text', () => {
  it('ends with what the two numbers leave out', () => {
    const verdicts: Verdict[] = [
      same,
      { kind: 'missing', reason: 'x' },
      { kind: 'accepted', reason: 'x' },
      { kind: 'unlisted', reason: 'x' },
      { kind: 'gone' },
    ]
    expect(certificateLines(certified(account(verdicts))).at(-1)).toBe(
      'Not complete: 1 of 3, 1 missing, 1 unchecked, 1 left out on purpose',
    )
  })

  it('says in words how sure it is, what is no original, and where SmugMug announces other numbers', () => {
    const verdicts: Verdict[] = [
      same,
      { ...same, by: 'size', file: 'rendition' },
      { ...same, by: 'version', file: 'transcode', elsewhere: true },
      { kind: 'gone' },
    ]
    expect(sentences(certified(account(verdicts, 5)))).toEqual([
      'SmugMug lists 3 pictures and videos in 1 album. It announces 5; such numbers are known to drift, so each list was read to its end.',
      '3 pictures and videos are at home (3.0 kB; of them 1 not in this folder, but where an exporter keeps and found them): 1 compared by MD5; of 1 SmugMug gives no MD5, only size and version agree; of 1 SmugMug gives neither MD5 nor size, only the version agrees.',
      'Every file was read and compared on 2026-11-24; for this certificate its size and date were looked at (smugdl check --read reads all again).',
      "1 of them is a video in SmugMug's own conversion, because it gives back no original.",
      '1 of them is a smaller copy, because SmugMug gives this login no original.',
      'No picture or video at home has a title, a caption or keywords on SmugMug.',
      '1 picture or video is at home and no longer on SmugMug; kept.',
    ])
    expect(sentences(certified(account([same, same])))[0]).toBe(
      'SmugMug lists 2 pictures and videos in 1 album, as many as it announces.',
    )
    expect(sentences(certified(account([{ ...same, by: 'version' }])))[1]).toBe(
      '1 picture or video is at home (1.0 kB): of 1 SmugMug gives neither MD5 nor size, only the version agrees.',
    )
    expect(sentences(certified(account([{ ...same, verifiedAt: startedAt }])))[2]).toBe(
      'Every byte of them was read for this certificate.',
    )
  })

  it('has one line for an item, whatever its name', () => {
    const event = (verdict: Verdict) =>
      ({ type: 'item', album: 'a', image: 'i', item: 'Rome/a\nb\u001b[2J.jpg', verdict }) as const
    expect(itemLine(event(same))).toBe('= Rome/a b\u{fffd}[2J.jpg')
    expect(findingLine(event({ kind: 'missing', reason: 'Not\nyet' }))).toBe('+ Rome/a b\u{fffd}[2J.jpg: Not yet')
  })
})
