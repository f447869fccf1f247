import { expect, it } from 'vitest'
import { eachStage } from './each-stage.ts'
import { failingAt } from './failing.ts'
import { stage } from './stage.ts'
import { whyNoTrace } from './trace.ts'

/** The same calls each time. All of them: `crash.long.ts`. */
const seed = 1

eachStage(
  'a disk that is full or fails ends a run with 4, leaves nothing wrong, and the next run completes',
  'at some calls',
  (name) => failingAt(name, 3, seed),
)

it('a disk that cannot hold so large a file fails that picture and no other', async ({ skip }) => {
  const reason = whyNoTrace()
  if (reason !== undefined) skip(reason)
  await using staged = await stage('the first run')
  const { calls } = await staged.record()
  const path = calls.find(({ name, paths: [path = ''] }) => name === 'pwrite64' && path.endsWith('.part'))?.paths[0]
  await staged.reset()
  const { code, stdout } = await staged.struck({ call: 'pwrite64', path: path ?? '', time: 1 }, 'error=EFBIG')
  const failed = stdout.split('\n').filter((line) => line.includes('"type":"image.failed"'))
  expect([code, failed]).toEqual([1, [expect.stringContaining('larger than this disk can hold')]])
  await staged.nextRunCompletes()
}, 120_000)

it('a picture at home that the disk can no longer read is fetched for the other album that wants it', async ({
  skip,
}) => {
  const reason = whyNoTrace()
  if (reason !== undefined) skip(reason)
  await using staged = await stage('a run that finds changes of every kind')
  const reading = 'read,pread64,copy_file_range,sendfile'
  const { code, stderr } = await staged.struck({ call: reading, path: 'Travel/Rome/d.jpg', time: '1+' }, 'error=EIO')
  expect([code, stderr]).toEqual([0, ''])
  expect((await staged.scene.difference()).missing).toEqual([])
}, 120_000)
