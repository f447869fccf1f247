import { expect, it } from 'vitest'
import { afterRun } from '../../src/cli/exec-after.ts'
import { testIo } from './world.ts'

const choice = { execOnSuccess: undefined, execOnFailure: undefined, execOnFinish: undefined }

it('a command that never ends is killed, with what it started, and that is reported', async () => {
  const io = testIo({ env: { PATH: process.env.PATH ?? '' } })
  const context = { io, secrets: new Set<string>() }
  await afterRun({ ...choice, execOnFinish: '(while :; do :; done)' }, { exitCode: 0 }, context, undefined, 50)
  expect(io.err()).toBe(
    "smugdl: --exec-on-finish did not end within 0.05 s and was killed; that changes nothing of the run's own exit code, 0\n",
  )
})

it('no secret reaches a command, not even in the text of an error', async () => {
  const io = testIo({ env: { PATH: process.env.PATH ?? '' } })
  const error = new Error('refused: token-4711-of-jane')
  const context = { io, secrets: new Set(['token-4711-of-jane']) }
  await afterRun({ ...choice, execOnFailure: '/bin/cat >&2' }, { exitCode: 70, error }, context, undefined)
  expect(io.err()).toContain('refused: [secret]')
  expect(io.err()).not.toContain('4711')
})
