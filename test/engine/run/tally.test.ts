import { expect, test } from 'vitest'
import type { FailedItem, RunEvent } from '../../../src/engine/events.ts'
import { failedItem, Tally } from '../../../src/engine/run/tally.ts'
import { SmugdlError } from '../../../src/error.ts'
import { expectLinear } from '../../growth.ts'

function tally() {
  const events: RunEvent[] = []
  const failures: FailedItem[] = []
  const made = new Tally(
    ['folder', 'zip'],
    (event) => events.push(event),
    (failure) => failures.push(failure),
  )
  return { tally: made, events, failures }
}

test('exporters are counted apart, each from the beginning', () => {
  const { tally: made } = tally()
  made.add('zip', { kind: 'unchanged' }, 3)
  expect([...made.counts]).toMatchObject([
    ['folder', { listed: 0 }],
    ['zip', { listed: 3, unchanged: 3 }],
  ])
})

test('every failure is told and recorded, although the summary keeps a thousand only', () => {
  const { tally: made, events, failures } = tally()
  for (let i = 0; i < 1500; i++) made.fail({ item: `${i}.jpg`, reason: 'Gone' })
  expect([made.failedInAll, made.failed.length, failures.length, events.length]).toEqual([1500, 1000, 1500, 1500])
  expect(events.at(-1)).toEqual({ type: 'image.failed', item: '1499.jpg', reason: 'Gone' })
})

test('a notice is said once', () => {
  const { tally: made, events } = tally()
  made.notice('Something is odd.')
  made.notice('Something is odd.')
  expect(made.notices).toEqual(['Something is odd.'])
  expect(events).toEqual([{ type: 'notice', text: 'Something is odd.' }])
})

test('a failed item has the reason and what to do, and no key without a value', () => {
  expect(failedItem('a.jpg', new SmugdlError('item', { what: 'Gone', next: 'Run again' }))).toEqual({
    item: 'a.jpg',
    reason: 'Gone',
    next: 'Run again',
  })
  expect(failedItem('a.jpg', new SmugdlError('item', { what: 'Gone' }))).toStrictEqual({
    item: 'a.jpg',
    reason: 'Gone',
  })
})

test('a thousand notices are given, each once; what comes after them is counted, and in the log', () => {
  const { tally: made, events } = tally()
  for (let i = 0; i < 1500; i++) for (const _ of [1, 2]) made.notice(`notice ${i}`)
  expect(events.filter(({ type }) => type === 'notice')).toHaveLength(1000)
  expect(events.at(-1)).toEqual({ type: 'detail', text: 'notice 1499' })
  expect(made.notices).toHaveLength(1001)
  expect(made.notices.at(-1)).toBe('There are more: 1000 further notices are in the log (--log-level debug).')
})

test('40,000 notices of one length take twice the time of 20,000', async () => {
  await expectLinear(20_000, (size) => {
    const made = new Tally(
      ['folder'],
      () => {},
      () => {},
    )
    return () => {
      for (let i = 0; i < size; i++) made.notice(`notice ${String(i).padStart(6, '0')}`)
    }
  })
})
