import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../../src/cli/cli.ts'
import { allCommands } from '../../../src/cli/commands.ts'
import { testIo } from '../world.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'smugdl-completion-'))
const names = (await allCommands()).map(([name]) => name)

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const io = testIo()
    expect(await cli(['completion', shell], { io, secrets: new Set() })).toBe(0)
    writeFileSync(join(folder, shell), io.out())
  }
  mkdirSync(join(folder, 'here', 'photos old'), { recursive: true })
  writeFileSync(join(folder, 'here', 'ca.pem'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

function has(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0
}

/** What bash offers for the line, which ends at the cursor; words are split as readline does it. */
async function bashOffers(line: string): Promise<string[]> {
  const words = line.split(/ |(?<==)|(?==)/)
  const script = `
    source '${join(folder, 'bash')}'
    complete -p smugdl > /dev/null || exit 9
    cd '${join(folder, 'here')}'
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1} COMP_LINE='${line}' COMP_POINT=${line.length}
    set -u
    _smugdl smugdl '${words.at(-1)}' '${words.at(-2)}' 2> /dev/null
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await run('bash', ['--norc', '-c', script])
  return stdout.split('\n').filter((offer) => offer !== '')
}

describe.skipIf(!has('bash'))('completion in bash', () => {
  it('offers every command, and the flags of the default one', async () => {
    const offers = await bashOffers('smugdl ')
    expect(offers).toEqual(expect.arrayContaining([...names, '--output', '-o', '--no-space-check', '--help']))
  })

  it.each([
    ['smugdl comp', ['completion']],
    ['smugdl --con', ['--concurrency']],
    ['smugdl albums --ex', ['--exclude']],
    ['smugdl download --output x --dr', ['--dry-run']],
    ['smugdl completion f', ['fish']],
    ['smugdl -o ', ['photos old']],
    ['smugdl demo --output p', ['photos old']],
    ['smugdl --output=p', ['photos old']],
    ['smugdl albums --ca-file c', ['ca.pem']],
    ['smugdl --album ', []],
    ['smugdl -e ', ['folder', 'zip', 'manifest', 'gallery', 's3']],
    ['smugdl download --exporter=z', ['zip']],
    ['smugdl -e folder,z', ['folder,zip']],
    ['smugdl -e folder,', ['folder,zip', 'folder,manifest', 'folder,gallery', 'folder,s3']],
    ['smugdl download --exporter=zip,folder,g', ['zip,folder,gallery']],
    ['smugdl --set gallery.', ['gallery.thumbs=', 'gallery.places=', 'gallery.hidden=', 'gallery.base=']],
    ['smugdl nonsense --verb', ['--verbose']],
    ['smugdl plugins show ', ['folder', 'zip', 'manifest', 'gallery', 's3']],
    ['smugdl plugins show z', ['zip']],
  ])('completes "%s" with %j', async (line, offers) => {
    expect(await bashOffers(line)).toEqual(offers)
  })

  it('offers no flag of another command', async () => {
    expect(await bashOffers('smugdl albums --con')).toEqual([])
  })
})

describe.skipIf(!has('fish'))('completion in fish', () => {
  it.each([
    ['smugdl comp', ['completion']],
    ['smugdl --con', ['--concurrency']],
    ['smugdl albums --con', []],
    ['smugdl completion f', ['fish']],
    ['smugdl -o ', ['photos old/']],
    ['smugdl -e folder,z', ['folder,zip']],
    ['smugdl --exporter=folder,z', ['--exporter=folder,zip']],
    ['smugdl plugins show z', ['zip']],
    ['smugdl plugins show dir', []],
  ])('completes "%s" with %j', async (line, offers) => {
    const script = `source '${join(folder, 'fish')}'; cd '${join(folder, 'here')}'; complete -C '${line}'`
    const { stdout } = await run('fish', ['--no-config', '-c', script], { env: { ...process.env, HOME: folder } })
    const words = stdout.split('\n').map((offer) => offer.split('\t')[0]?.replaceAll('\\', ''))
    expect(words.filter((word) => word !== '')).toEqual(offers)
  })
})

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  it('parses, and is accepted as the completion of smugdl', async () => {
    const script = `autoload -U compinit; compinit -u -d '${join(folder, 'dump')}'; source '${join(folder, 'zsh')}'; print $_comps[smugdl]`
    const { stdout, stderr } = await run('zsh', ['-f', '-c', script], { env: { ...process.env, HOME: folder } })
    expect([stdout.trim(), stderr]).toEqual(['_smugdl', ''])
  })
})

describe('completion in PowerShell', () => {
  it.skipIf(!has('pwsh'))('completes a command', async () => {
    const script = `. '${join(folder, 'powershell')}'; (TabExpansion2 'smugdl comp' 11).CompletionMatches.CompletionText`
    const { stdout } = await run('pwsh', [
      '-NoProfile',
      '-Command',
      script.replace(`. '`, `Get-Content -Raw '`).replace(`';`, `' | Invoke-Expression;`),
    ])
    expect(stdout.trim()).toBe('completion')
  })
})
