import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pathTyped } from '../../src/app/first-run.ts'

const at = (platform: NodeJS.Platform) => ({ env: {}, platform, cwd: '/here', program: [] })

it.each([
  ['~/Pictures', join(homedir(), 'Pictures')],
  ['~', homedir()],
  [' "/Volumes/My Disk" ', '/Volumes/My Disk'],
  ["'/Volumes/My Disk'", '/Volumes/My Disk'],
  ['/Volumes/My\\ Disk', '/Volumes/My Disk'],
  ['photos', '/here/photos'],
])('a folder that is typed or dragged into a terminal is understood: %s', (typed, path) => {
  expect(pathTyped(typed, at('linux'))).toBe(path)
})
