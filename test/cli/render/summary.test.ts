import { expect, test } from 'vitest'
import { summaryLines } from '../../../src/cli/render/summary.ts'
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

test('hundreds that share a reason stand under it once, and the list says how many it leaves out', () => {
  const failed: FailedItem[] = Array.from({ length: 300 }, (_, n) => ({
    item: `Album/IMG_${n}.jpg`,
    reason: 'The bytes differ',
    next: 'Run again',
  }))
  const lines = summaryLines({ ...summary, failed, failedInAll: 1_000 })
  expect(lines.filter((line) => line === '  The bytes differ. Run again.')).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('    Album/IMG_'))).toHaveLength(100)
  expect(lines).toContain('    … and 200 more (--json and --log-file name all)')
  expect(lines).toContain('  … and 700 more; the next run names those that are left')
  expect(
    summaryLines({ ...summary, failed }, { itemsPerReason: Infinity }).filter((line) =>
      line.startsWith('    Album/IMG_'),
    ),
  ).toHaveLength(300)
})

test('a name in the summary cannot move the cursor', () => {
  const lines = summaryLines({
    ...summary,
    failed: [{ item: 'a\x1b[1Ab\nfolder: 0 listed', reason: 'x' }],
    failedInAll: 1,
  })
  expect(lines).toContain('    a�[1Ab folder: 0 listed')
})
