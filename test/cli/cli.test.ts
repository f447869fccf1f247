import { describe, expect, it } from 'vitest'
import { cli } from '../../src/cli/cli.ts'
import { flagName } from '../../src/cli/command.ts'
import { allCommands, commands, isCommand } from '../../src/cli/commands.ts'
import { variableOf } from '../../src/cli/environment.ts'
import { parse } from '../../src/cli/parse.ts'
import { testIo } from './world.ts'

const definitions = await allCommands()

async function ran(args: string[], env: Record<string, string> = {}) {
  const io = testIo({ env })
  const code = await cli(args, { io, secrets: new Set() })
  return { code, out: io.out(), err: io.err() }
}

/** What a user sees of it. */
async function transcript(line: string, env: Record<string, string> = {}): Promise<string> {
  const { code, out, err } = await ran(words(line).slice(1), env)
  const variables = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)} `)
  return `$ ${variables.join('')}${line}\n${err}${out}[exit ${code}]\n\n`
}

/** The words of a line as a shell would split it; single quotes are all that our lines use. */
function words(line: string): string[] {
  return (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''))
}

describe('help', () => {
  it('of everything reads as its golden file, asked for in each way', async () => {
    const { code, out, err } = await ran(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    await expect(out).toMatchFileSnapshot('golden/help.txt')
    for (const args of [['-h'], ['help']]) expect((await ran(args)).out).toBe(out)
  })

  it.each(Object.keys(commands))('of %s reads as its golden file, asked for in each way', async (name) => {
    const { code, out, err } = await ran([name, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    await expect(out).toMatchFileSnapshot(`golden/help-${name}.txt`)
    for (const args of [
      ['help', name],
      [name, '-h'],
    ])
      expect((await ran(args)).out).toBe(out)
  })

  it('needs no login, no valid environment and no value that is otherwise required', async () => {
    const env = { SMUGDL_CONCURRENCY: 'nonsense', SMUGDL_API_KEY: 'alone' }
    for (const args of [['--help'], ['-o', 'x', '--help'], ['completion', '--help']])
      expect((await ran(args, env)).code).toBe(0)
  })

  it.each(definitions)('of %s fits into the columns that there are, and none of its words is broken', async (name) => {
    const words = (text: string) => text.split(/\s+/)
    const [wide, narrow] = [await ran([name, '--help']), await ran([name, '--help'], { COLUMNS: '60' })]
    for (const line of wide.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    const tooLong = narrow.out.split('\n').filter((line) => line.length > 60 && !/^ {2}smugdl/.test(line))
    expect(tooLong).toEqual([])
    expect(words(narrow.out)).toEqual(words(wide.out))
  })

  it.each(definitions)(
    'of %s names every flag with its variable with --all, and none without',
    async (name, { flags }) => {
      expect((await ran([name, '--help'])).out).not.toMatch(/\bSMUGDL_\w+\]/)
      const { out } = await ran([name, '--help', '--all'])
      expect((await ran([name, '--all', '--help'])).out).toBe(out)
      expect((await ran(['help', name, '--all'])).out).toBe(out)
      for (const [key, flag] of Object.entries(flags)) {
        expect(out).toContain(flagName(key))
        expect(out.replaceAll(/\s+/g, ' ')).toContain(`${variableOf(key, flag) ?? 'no variable'}]`)
      }
    },
  )
})

describe('the definition of every command', () => {
  it.each(definitions)('%s has examples that its own parser takes', (name, command) => {
    const { examples } = command
    expect(examples.length).toBeGreaterThan(0)
    const lines = examples.map(([line]) => line.replace(/^source <\((.*)\)$/, '$1').replace(/ [>|] .*/, ''))
    for (const line of lines) {
      const [program, first = '', ...rest] = words(line)
      expect([program, isCommand(first) ? first : 'download']).toEqual(['smugdl', name])
      parse(name, command, isCommand(first) || first === '' ? rest : [first, ...rest], {})
    }
  })

  it.each(definitions)('%s gives no two flags the same name, and takes neither --help nor -h', (_name, { flags }) => {
    const names = Object.entries(flags).flatMap(([key, { short }]) => [flagName(key), ...(short ? [short] : [])])
    expect(new Set([...names, 'help', 'h']).size).toBe(names.length + 2)
  })

  it('lets a flag of one name mean the same kind of thing in every command, for they share its variable', () => {
    const kinds = new Map<string, string>()
    for (const [, { flags }] of definitions)
      for (const [key, flag] of Object.entries(flags)) {
        const variable = variableOf(key, flag) ?? key
        expect([variable, kinds.get(variable) ?? flag.type]).toEqual([variable, flag.type])
        kinds.set(variable, flag.type)
      }
  })
})

describe('smugdl', () => {
  it.each([['--version'], ['-V']])('%s says version, commit, node and platform', async (flag) => {
    const { code, out } = await ran([flag])
    expect(code).toBe(0)
    expect(out).toMatch(/^smugdl \d+\.\d+\.\d+ \(commit \S+, node v\d+\.\d+\.\d+, \w+ \w+\)\n$/)
  })

  it('refuses what it does not know, and says what to do, as its golden file tells', async () => {
    const lines = [
      'smugdl dwnload',
      'smugdl verfy',
      'smugdl toString',
      'smugdl help nonsense',
      'smugdl --albun x',
      'smugdl albums --exporter folder',
      'smugdl download -x',
      'smugdl --version=1',
      'smugdl -o',
      'smugdl --output --json',
      'smugdl --json=yes',
      'smugdl --concurrency many',
      'smugdl --concurrency 65',
      'smugdl -e floder',
      'smugdl -e folder,folder,',
      'smugdl --set mtime=none',
      'smugdl --set floder.mtime=none',
      'smugdl --since 2023-13',
      'smugdl --type movie',
      'smugdl --set folder.path={albm}/{name}',
      'smugdl --set folder.mtme=none',
      'smugdl --set folder.mtime=upload',
      'smugdl --choose',
      'smugdl --json whoami',
      'smugdl completion',
      'smugdl completion bsh',
      'smugdl completion bash zsh',
      'smugdl albums --json --nonsense',
    ]
    const environments: Record<string, string>[] = [
      { SMUGDL_CONCURRENCY: '0' },
      { SMUGDL_DRY_RUN: 'maybe' },
      { SMUGDL_SET: 'folder.mtime=none\nfolder.nonsense=1' },
      { SMUGDL_API_KEY: 'a-key' },
      { SMUGDL_API_ORIGIN: 'http://example.com', SMUGDL_JSON: '1' },
      { SMUGDL_CONCURENCY: '4', SMUGDL_NONSENSE: '1', SMUGDL_EXPORTER: 'floder' },
    ]
    const transcripts = [
      ...(await Promise.all(lines.map((line) => transcript(line)))),
      ...(await Promise.all(environments.map((env) => transcript('smugdl', env)))),
    ]
    for (const text of transcripts) expect(text).toContain('[exit 2]')
    await expect(transcripts.join('')).toMatchFileSnapshot('golden/errors.txt')
  })

  it('tells a program of an error too, on one line of JSON', async () => {
    const { code, out, err } = await ran(['--nonsense', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ type: 'error', kind: 'usage', code: 2, what: expect.any(String) })
    expect(err).toContain('--nonsense')
  })

  it('says nothing of variables that it knows, of any command', async () => {
    const names = definitions.flatMap(([, { flags }]) =>
      Object.entries(flags).map(([key, flag]) => variableOf(key, flag)),
    )
    const env = Object.fromEntries(names.map((name) => [name, '']))
    expect((await ran(['completion', 'bash'], { ...env, SMUGDL_CONFIG_DIR: '/x' })).err).toBe('')
  })
})
