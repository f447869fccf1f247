import { mkdtemp, readdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lookAtPlace, pathTyped } from '../../src/app/first-run.ts'

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

it('a path of Windows that is typed on another system is refused as it was typed', () => {
  expect(() => pathTyped('C:\\Users\\me', at('linux'))).toThrow('smugdl runs on another system here: C:\\Users\\me')
})

it.skipIf(process.platform !== 'linux')(
  'a folder that nobody can make is found out before anything is begun',
  async () => {
    expect(await lookAtPlace('/proc/photos/mine')).toMatchObject({ problem: 'Nothing can be written in /proc' })
    const folder = await mkdtemp(join(tmpdir(), 'smugdl-place-'))
    expect((await lookAtPlace(join(folder, 'photos/mine'))).problem).toBeUndefined()
    expect(await readdir(folder)).toEqual([])
  },
)
