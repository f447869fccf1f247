import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeArchive } from '../../../scripts/release/archive.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-archive-'))
})
afterEach(() => rm(folder, { recursive: true }))

const date = new Date('2026-01-02T03:04:06Z')

test.each(['tar.xz', 'zip'])(
  'a .%s does not tell when, where and in which order its files were made',
  async (ending) => {
    const archives = []
    for (const [place, names] of [
      ['here', ['b', 'a']],
      ['there', ['a', 'b']],
    ] as const) {
      const tree = join(folder, place, 'tree')
      await mkdir(tree, { recursive: true })
      for (const name of names) {
        await writeFile(join(tree, name), `file ${name}`, { mode: name === 'a' ? 0o755 : 0o644 })
        await utimes(join(tree, name), 1, place === 'here' ? 1000 : 2000)
      }
      const archive = join(folder, `${place}.${ending}`)
      await makeArchive(tree, archive, date)
      archives.push(await readFile(archive))
    }
    expect(archives[0]?.length).toBeGreaterThan(0)
    expect(archives[0]).toEqual(archives[1])
  },
)

test.each([
  ['tar.xz', ['tar', '-xJf']],
  ['zip', ['unzip', '-q']],
] as const)('what comes out of a .%s may be started', async (ending, [program, flag]) => {
  const tree = join(folder, 'tree')
  await mkdir(join(tree, 'inner'), { recursive: true })
  await writeFile(join(tree, 'program'), '#!/bin/sh\n')
  await chmod(join(tree, 'program'), 0o755)
  await writeFile(join(tree, 'inner/text'), 'text')
  await makeArchive(tree, join(folder, `tree.${ending}`), date)
  await rm(tree, { recursive: true })
  execFileSync(program, [flag, `tree.${ending}`], { cwd: folder })
  expect((await stat(join(tree, 'program'))).mode & 0o777).toBe(0o755)
  expect(await readFile(join(tree, 'inner/text'), 'utf8')).toBe('text')
})
