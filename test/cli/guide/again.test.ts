import { expect, it } from 'vitest'
import { againLine, nightlyLine } from '../../../src/cli/guide/again.ts'

const linux = { platform: 'linux', program: ['/usr/local/bin/smugdl'], env: {} } as const
const windows = { platform: 'win32', program: ['C:\\Program Files\\smugdl\\smugdl.exe'], env: {} } as const

it('the line that does the same again can be pasted into a shell', () => {
  expect(againLine({ output: '/photos', albums: [] }, linux)).toBe('smugdl -o /photos')
  expect(againLine({ output: "/Ana's disk", albums: ['Travel/Rome, 100 %'] }, linux)).toBe(
    `smugdl -o '/Ana'\\''s disk' --album 'Travel/Rome, 100 %'`,
  )
  expect(againLine({ output: 'D:\\My pictures', albums: [] }, windows)).toBe('smugdl -o "D:\\My pictures"')
})

it('the nightly line is one of crontab, where % would end it and PATH and the configuration are not as here', () => {
  expect(
    nightlyLine({ output: '/100 %', albums: ['A b'] }, { ...linux, env: { SMUGDL_CONFIG_DIR: '/etc/smugdl' } }),
  ).toBe(
    `15 3 * * * SMUGDL_CONFIG_DIR=/etc/smugdl /usr/local/bin/smugdl -q --expect-home -o '/100 \\%' --log-file '/100 \\%/.smugdl/log' --album 'A b'`,
  )
})

it('on Windows it is a command for the Task Scheduler', () => {
  const line = nightlyLine({ output: 'D:\\My pictures', albums: [] }, windows)
  expect(line).toContain(
    'schtasks /Create /TN smugdl /SC DAILY /ST 03:15 /TR "\\"C:\\Program Files\\smugdl\\smugdl.exe\\" -q --expect-home -o \\"D:\\My pictures\\"',
  )
})
