import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli } from '../../src/cli/cli.ts'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'
import { testIo } from './world.ts'

async function said(...args: string[]): Promise<string> {
  const io = testIo()
  expect(await cli(args, { io, secrets: new Set() })).toBe(2)
  return io.err()
}

describe('a word that other programs have', () => {
  it.each([
    ['sync', 'smugdl -o FOLDER'],
    ['backup', 'smugdl -o FOLDER'],
    ['list', 'smugdl albums'],
    ['LS', 'smugdl albums'],
    ['update', 'Install smugdl again'],
    ['config', 'smugdl doctor'],
    ['version', 'smugdl --version'],
    ['restore', 'plain files'],
  ])('%s is answered with the command that does it', async (word, answer) => {
    expect(await said(word)).toContain(answer)
  })

  it.each([
    ['https://nick.smugmug.com/Travel', 'smugdl --album https://nick.smugmug.com/Travel.'],
    ['https://nick.smugmug.com/A(b)', "smugdl --album 'https://nick.smugmug.com/A(b)'."],
  ])('the address %s gets what brings that place home, wherever it stands', async (address, answer) => {
    expect(await said(address)).toContain(answer)
    expect(await said('-o', '/photos', address)).toContain(answer)
  })

  it('a folder gets the flag that puts everything there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smugdl my-'))
    expect(await said(folder)).toContain(`smugdl -o '${folder}'`)
    expect(await said('./photos')).toContain('smugdl -o ./photos')
    expect(await said('download', './photos')).toContain('smugdl -o ./photos')
    expect(await said('Travel/Italy')).toContain('smugdl --album Travel/Italy')
  })

  it('any other word gets the nearest command', async () => {
    expect(await said('verfy')).toContain('Did you mean verify?')
  })
})

describe('flags that contradict each other', () => {
  it.each([
    [['-q', '-v'], '--quiet and --verbose'],
    [['--json', '-q'], '--quiet and --json'],
    [['--max-delete', '5'], '--max-delete does nothing without --mirror'],
  ])('%j are refused', async (args, sentence) => {
    expect(await said('download', ...args)).toContain(sentence)
  })
})

describe('a token that is not valid', () => {
  it('in the environment is named with its variable, and without smugdl login', async () => {
    await using scene = await Inside.of(new World())
    for (const args of [['whoami'], [], ['albums']]) {
      const { code, err } = await scene.smugdl(args, { SMUGDL_ACCESS_TOKEN: 'x'.repeat(32) })
      expect([code, err]).toEqual([3, expect.stringContaining('SMUGDL_ACCESS_TOKEN is not, or no longer, valid')])
      expect(err).not.toContain('smugdl login')
    }
  })
})
