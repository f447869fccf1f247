import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted, nothing, type Outcome } from '../../../src/engine/run/outcome.ts'
import { SmugdlError } from '../../../src/error.ts'

const bytes = fc.nat(1_000_000_000)
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constantFrom('new' as const, 'updated' as const), bytes }),
  fc.constant({ kind: 'unchanged' } as const),
  fc.record({
    kind: fc.constant('skipped' as const),
    reason: fc.constantFrom('excluded' as const, 'accepted' as const, 'notOnHand' as const),
  }),
  fc.constant({ kind: 'failed', error: new SmugdlError('item', { what: 'Gone' }) } as const),
)

test('the sum line adds up, whatever became of whatever', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 50 }))), (outcomes) => {
      const counts = outcomes.reduce((sum, [each, times]) => counted(sum, each, times), nothing)
      const { listed, bytes: _, ...parts } = counts
      expect(listed).toBe(Object.values(parts).reduce((sum, part) => sum + part, 0))
      expect(listed).toBe(outcomes.reduce((sum, [, times]) => sum + times, 0))
    }),
  )
})

test('bytes are those of what is new and updated', () => {
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      const sum = outcomes.reduce((counts, each) => counted(counts, each), nothing)
      const handed = outcomes.reduce((total, each) => total + ('bytes' in each ? each.bytes : 0), 0)
      expect(sum.bytes).toBe(handed)
    }),
  )
})

test('counting changes no earlier count', () => {
  counted(nothing, { kind: 'new', bytes: 5 })
  expect(nothing).toEqual({ listed: 0, new: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 0 })
})
