import { expect, test } from 'vitest'
import { liveNews } from '../../../src/cli/render/live-news.ts'
import { summaryAtEnd, summaryLines } from '../../../src/cli/render/summary.ts'
import type { FailedItem } from '../../../src/engine/events.ts'
import { summary } from './events.ts'

process.env.TZ = 'UTC'

test('the summary reads as its golden file', async () => {
  await expect(`${summaryLines(summary).join('\n')}\n`).toMatchFileSnapshot('golden/summary.txt')
})

test('a run in which all is safe ends with the sums and names nothing else', async () => {
  const safe = {
    ...summary,
    exporters: { folder: { listed: 3, new: 3, updated: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 1_000 } },
    downloaded: { files: 3, bytes: 1_000 },
    albums: { listed: 1, trusted: 0, excluded: 0 },
    ...{ transcodes: 0, renditions: 0, processing: 0, gone: 0, accepted: 0, failed: [], failedInAll: 0, notices: [] },
  }
  await expect(`${summaryLines(safe).join('\n')}\n`).toMatchFileSnapshot('golden/summary-safe.txt')
})

test('what came home without a download is told apart: recognised, or from bytes that were here', () => {
  const counts = { listed: 9, new: 9, updated: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 1_000 }
  const given = { ...summary, exporters: { folder: counts }, downloaded: { files: 3, bytes: 300 }, recognised: 5 }
  const lines = summaryLines(given)
  expect(lines).toContain(
    '1 file more needed no download: its bytes were here already, as those of a picture in two albums are',
  )
  expect(lines).toContain(
    'folder: 9 listed = 4 new + 5 recognised + 0 updated + 0 unchanged + 0 skipped + 0 failed (1.0 kB)',
  )
  expect(summaryLines({ ...given, dryRun: true }).join('\n')).not.toContain('needed no download')
})

test('more than twenty are counted by album under their reason, in the order of names', () => {
  const failed: FailedItem[] = Array.from({ length: 300 }, (_, n) => ({
    item: `Album ${10 - (n % 10)}/IMG_${n}.jpg`,
    imageKey: `k${n}`,
    reason: 'The bytes differ',
    next: 'Run again',
  }))
  failed.push({ item: 'Zoo', albumKey: 'zoo', reason: 'The bytes differ', next: 'Run again' })
  const lines = summaryLines({ ...summary, failed, failedInAll: 1_000 })
  expect(lines.filter((line) => line === '  The bytes differ. Run again.')).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('    '))).toEqual([
    ...Array.from({ length: 10 }, (_, n) => `    Album ${n + 1}: 30`),
    '    Zoo',
  ])
  expect(lines).toContain('  … and 699 more')
  expect(lines).toContain('All names: smugdl runs show. Try again now: smugdl retry.')
  expect(
    summaryLines({ ...summary, failed }, { itemsPerReason: Infinity }).filter((line) =>
      /^ {4}Album \d+\/IMG_/.test(line),
    ),
  ).toHaveLength(300)
})

test('what verify found damaged is not called home without a word', () => {
  const counts = { listed: 9, new: 0, updated: 0, unchanged: 9, skipped: 0, failed: 0, bytes: 0 }
  const safe = { ...summary, exporters: { folder: counts }, failed: [], failedInAll: 0, damaged: 1 }
  expect(summaryLines(safe)).toContain('But verify found 1 file damaged: smugdl verify --repair fetches it again.')
})

test('a name in the summary cannot move the cursor', () => {
  const lines = summaryLines({
    ...summary,
    failed: [{ item: 'a\x1b[1Ab\nfolder: 0 listed', reason: 'x' }],
    failedInAll: 1,
  })
  expect(lines).toContain('    a�[1Ab folder: 0 listed')
})

const none = {
  transcodes: 0,
  renditions: 0,
  processing: 0,
  gone: 0,
  accepted: 0,
  failed: [],
  failedInAll: 0,
  notices: [],
}
const whole = { ...summary, ...none, albums: { listed: 15, trusted: 0, excluded: 0 } }
const counts = { listed: 1200, new: 1000, updated: 0, unchanged: 200, skipped: 0, failed: 0, bytes: 73_700_000 }
/** A run in which nothing was new. */
const quiet = { ...counts, new: 0, unchanged: 1200, bytes: 0 }

/** The line above the sums. */
function verdictOf(run: Partial<typeof summary>): string | undefined {
  const lines = summaryLines({ ...whole, exporters: { folder: counts }, ...run }, { output: '/photos' })
  return lines[lines.findIndex((line) => /^(folder|s3|captioned): /.test(line)) - 1]
}

test.each([
  ['all is home', {}, 'All 1,200 pictures and videos are home: /photos.'],
  [
    'all of it came in this run, so that its size is that of home',
    { exporters: { folder: { ...counts, new: 1200, unchanged: 0 } } },
    'All 1,200 pictures and videos are home: /photos (73.7 MB).',
  ],
  [
    'some are left out on purpose',
    { accepted: 2, exporters: { folder: { ...counts, new: 998, skipped: 2 } } },
    'All 1,198 pictures and videos are home, but for 2 left out on purpose: /photos.',
  ],
  [
    'only some albums were chosen',
    { albums: { listed: 1, trusted: 0, excluded: 14 }, exporters: { folder: { ...counts, new: 0, skipped: 1000 } } },
    'All 200 pictures and videos of the albums that you chose are home: /photos.',
  ],
  [
    'they are in a bucket alone, which is said in place of the output',
    { exporters: { s3: counts }, addresses: { s3: 's3://photos/smug' } },
    'All 1,200 pictures and videos are home: s3://photos/smug.',
  ],
  [
    'they are here and in a bucket, whichever was named first',
    { exporters: { folder: counts, s3: counts }, addresses: { s3: 's3://photos/smug' } },
    'All 1,200 pictures and videos are home: /photos.',
  ],
  [
    'another exporter keeps nothing',
    { exporters: { folder: counts, poster: counts }, unkept: { poster: 1200 } },
    'All 1,200 pictures and videos are home: /photos.',
  ],
  [
    'another exporter keeps nothing, in a night that brings nothing',
    { exporters: { folder: quiet, poster: quiet }, unkept: { poster: 1200 } },
    'All 1,200 pictures and videos are home: /photos.',
  ],
  [
    'another exporter makes files of the pictures, in a night that brings nothing',
    { exporters: { captioned: quiet, folder: quiet }, made: { captioned: 1200 } },
    'All 1,200 pictures and videos are home: /photos.',
  ],
  [
    'another exporter only lists',
    { exporters: { folder: quiet, manifest: quiet }, withoutBytes: ['manifest'], made: { folder: 1200 } },
    '0 of 1,200 pictures and videos are home; the others are no copies of their own: /photos.',
  ],
  [
    'the files are made of the pictures',
    { made: { folder: 1200 } },
    '0 of 1,200 pictures and videos are home; the others are no copies of their own: /photos.',
  ],
  [
    'the account is empty',
    { exporters: { folder: { ...counts, listed: 0, new: 0, unchanged: 0, bytes: 0 } } },
    'SmugMug lists no pictures or videos.',
  ],
  ['nothing was written', { dryRun: true }, '15 albums listed'],
] as const)('one sentence above the sums says how it stands when %s', (_, run, sentence) => {
  expect(verdictOf(run)).toBe(sentence)
})

test('what is not home is counted in one sentence, with the commands that help', () => {
  const failed = [{ item: 'a/b.mp4', imageKey: 'VTNz4ct', reason: 'Still processing', attempts: 3 }]
  const lines = summaryLines(
    { ...whole, failed, failedInAll: 1, exporters: { folder: { ...counts, new: 999, failed: 1 } } },
    { output: '/photos' },
  )
  expect(lines.slice(-3, -1)).toEqual([
    '1,199 of 1,200 pictures and videos are home; 1 is not yet, see above: /photos.',
    'All names: smugdl runs show. Try again now: smugdl retry.',
  ])
  expect(lines).toContain('    Still failing after 3 runs. To do without it: smugdl accept VTNz4ct --reason "…"')
})

test('a notice that was seen as it came is not repeated', () => {
  const notices = ['seen', 'not seen']
  const at = summaryAtEnd({ shown: true })
  expect(at({ type: 'notice', text: 'seen' })).toBeUndefined()
  const lines = at({ type: 'run.finished', summary: { ...whole, notices } })
  expect(lines?.filter((line) => line.startsWith('Notice'))).toEqual(['Notice: not seen'])
})

test('of hundreds of failures twenty scroll by', () => {
  const news = liveNews(false)
  const said = Array.from({ length: 300 }, (_, n) => news({ type: 'image.failed', item: `a/${n}.jpg`, reason: 'x' }))
  expect(said.filter((text) => text !== undefined)).toHaveLength(21)
  expect(said[20]).toBe('… more are counted below')
})
