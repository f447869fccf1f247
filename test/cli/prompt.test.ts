import { expect, test } from 'vitest'
import { ask } from '../../src/cli/prompt.ts'
import { testIo } from './world.ts'

const { signal } = new AbortController()

/** A terminal whose mode can be looked at. */
function terminal() {
  const modes: boolean[] = []
  const io = testIo({ tty: true })
  Object.assign(io.stdin, { setRawMode: (raw: boolean) => modes.push(raw) })
  return { io, modes, hidden: () => ask('Secret: ', io, { signal, hidden: true }) }
}

test('lines of a pipe come one by one, the last one with or without a line break, and then nothing', async () => {
  const io = testIo({ input: 'one\r\ntwo\nthr\u00e9e' })
  const answers = []
  for (let n = 0; n < 4; n++) answers.push(await ask('? ', io, { signal, hidden: true }))
  expect(answers).toEqual(['one', 'two', 'thr\u00e9e', undefined])
  expect(io.err()).toBe('')
})

test('a terminal is asked, is silent meanwhile, and is as before afterwards', async () => {
  const { io, modes, hidden } = terminal()
  const answer = hidden()
  io.type('s\u00e9cret\r')
  expect(await answer).toBe('s\u00e9cret')
  expect(modes).toEqual([true, false])
  expect(io.err()).toBe('Secret: \n')
})

test.each([
  ['backspace takes the last character back', 'abc\x7f\x7fd\r', 'ad'],
  ['a character of several units is one', 'a\u{1f600}\x7fb\r', 'ab'],
  ['backspace on nothing is nothing', '\x7f\x7fa\r', 'a'],
  ['Ctrl-U starts again', 'wrong\x15right\n', 'right'],
  ['arrow keys are not typed', 'a\x1b[D\x1b[3~\x1bOAb\r', 'ab'],
  ['other control characters are not typed', 'a\x00\x1ab\r', 'ab'],
])('hidden input: %s', async (_claim, typed, expected) => {
  const { io, hidden } = terminal()
  const answer = hidden()
  io.type(typed)
  expect(await answer).toBe(expected)
})

test('what was typed when a signal comes is taken and thrown away, and shown by nobody', async () => {
  const { io, modes } = terminal()
  const controller = new AbortController()
  const answer = ask('Secret: ', io, { signal: controller.signal, hidden: true })
  controller.abort()
  io.type('half a key')
  await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
  expect([io.stdin.readableLength, modes]).toEqual([0, [true, false]])
})

test.each(['one\rtwo\r', 'one\r\ntwo\r\n', 'one\ntwo\n'])(
  'two lines that are pasted at once (%j) are two answers',
  async (pasted) => {
    const { io, hidden } = terminal()
    const first = hidden()
    io.type(pasted)
    expect([await first, await hidden()]).toEqual(['one', 'two'])
  },
)

test('a character that arrives in two pieces is whole', async () => {
  const { io, hidden } = terminal()
  const answer = hidden()
  const bytes = Buffer.from('\u00e9\r')
  io.stdin.push(bytes.subarray(0, 1))
  await new Promise(setImmediate)
  io.stdin.push(bytes.subarray(1))
  expect(await answer).toBe('\u00e9')
})

test('Ctrl-C throws cancelled, and the terminal is as before', async () => {
  const { io, modes, hidden } = terminal()
  const answer = hidden()
  io.type('abc\x03')
  await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
  expect(modes).toEqual([true, false])
})

test('an abort throws cancelled, before and while it waits, and the terminal is as before', async () => {
  const { io, modes } = terminal()
  const controller = new AbortController()
  const answer = ask('Secret: ', io, { signal: controller.signal, hidden: true })
  controller.abort()
  await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
  await expect(ask('Secret: ', io, { signal: controller.signal, hidden: true })).rejects.toMatchObject({
    kind: 'cancelled',
  })
  expect(modes).toEqual([true, false, true, false])
})

test('Ctrl-D on an empty line ends the input', async () => {
  const { io, hidden } = terminal()
  const answer = hidden()
  io.type('\x04')
  expect(await answer).toBeUndefined()
})
