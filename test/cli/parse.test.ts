import { describe, expect, it } from 'vitest'
import { defineCommand } from '../../src/cli/command.ts'
import { parse, wantsJson } from '../../src/cli/parse.ts'
import { SmugdlError } from '../../src/error.ts'

const command = defineCommand({
  flags: {
    exporter: { type: 'list', short: 'e', separator: ',', default: ['folder'], help: 'How' },
    album: { type: 'list', help: 'Which' },
    output: { type: 'text', short: 'o', hint: 'DIR', default: 'photos', help: 'Where' },
    logFile: { type: 'text', help: 'Log' },
    shape: { type: 'text', choices: ['round', 'square'], default: 'round', help: 'Shape' },
    concurrency: { type: 'integer', default: 8, min: 1, max: 64, help: 'How many' },
    dryRun: { type: 'boolean', default: false, help: 'Only plan' },
    spaceCheck: { type: 'boolean', default: true, help: 'Do not look at the free space' },
    quiet: { type: 'boolean', short: 'q', default: false, help: 'Quiet' },
    verbose: { type: 'boolean', short: 'v', default: false, help: 'Verbose' },
  },
  positionals: { what: { required: false, choices: ['this', 'that'], help: 'what' } },
  examples: [],
  exits: {},
  run: async () => 0,
})

const values = (args: string[], env: Record<string, string> = {}) => {
  const parsed = parse('test', command, args, env)
  return parsed === 'help' ? {} : parsed
}

/** What the user reads, in one line. */
function refusal(args: string[], env: Record<string, string> = {}): string {
  try {
    parse('test', command, args, env)
  } catch (error) {
    if (error instanceof SmugdlError && error.kind === 'usage') return error.message
    throw error
  }
  throw new Error(`accepted: ${args.join(' ')}`)
}

describe('parse()', () => {
  it('gives every flag a value when none is given', () => {
    expect(values([])).toEqual({
      exporter: ['folder'],
      album: [],
      output: 'photos',
      logFile: undefined,
      shape: 'round',
      concurrency: 8,
      dryRun: false,
      spaceCheck: true,
      quiet: false,
      verbose: false,
      what: undefined,
    })
  })

  it.each([
    [['--output', 'x'], { output: 'x' }],
    [['--output=x'], { output: 'x' }],
    [['--output=a=b'], { output: 'a=b' }],
    [['--output=-x'], { output: '-x' }],
    [['-o', 'x'], { output: 'x' }],
    [['-ox'], { output: 'x' }],
    [['-o=x'], { output: 'x' }],
    [['-o', 'x', '-o', 'y'], { output: 'y' }],
    [['-o', '-'], { output: '-' }],
    [['-vv'], { verbose: true }],
    [['-v', '-q', '--no-verbose'], { quiet: true, verbose: false }],
    [['-qo', 'x'], { quiet: true, output: 'x' }],
    [['--dry-run', '--no-dry-run'], { dryRun: false }],
    [['--no-space-check'], { spaceCheck: false }],
    [['--log-file', 'x.log'], { logFile: 'x.log' }],
    [['--concurrency', '64'], { concurrency: 64 }],
    [['--', 'this'], { what: 'this' }],
    [['that', '-q'], { what: 'that', quiet: true }],
    [['--shape', 'square'], { shape: 'square' }],
  ])('reads %j', (args, expected) => {
    expect(values(args)).toMatchObject(expected)
  })

  it('keeps every value of a repeated flag, in order, each once', () => {
    expect(values(['--album', 'b', '--album=a', '--album', 'b'])).toMatchObject({ album: ['b', 'a'] })
  })

  it('splits at commas only where a flag says so', () => {
    expect(values(['-e', 'folder,zip', '-e', 'manifest', '--album', 'a,b'])).toMatchObject({
      exporter: ['folder', 'zip', 'manifest'],
      album: ['a,b'],
    })
  })

  it('sees --help and -h, but not behind --', () => {
    expect(parse('test', command, ['-q', '--help'], {})).toBe('help')
    expect(parse('test', command, ['-h'], {})).toBe('help')
    expect(refusal(['--', '--help'])).toContain('--help')
  })

  it.each([
    [['--albun', 'x'], 'smugdl test has no flag --albun. Did you mean --album? `smugdl test --help` shows them all.'],
    [['--conc=3'], 'Did you mean --concurrency?'],
    [['--no-album'], 'no flag --no-album'],
    [['--no-spacecheck'], 'Did you mean --no-space-check?'],
    [['--dryRun'], 'Did you mean --dry-run?'],
    [['-z'], 'smugdl test has no flag -z. `smugdl test --help` shows them all.'],
    [['--toString'], 'no flag --toString'],
    [['--output'], '--output needs a value. Write --output DIR.'],
    [['-o', '--quiet'], '-o needs a value. If it is meant to begin with a hyphen, write --output=--quiet.'],
    [['--output='], '--output has an empty value'],
    [['-e', 'folder,,zip'], '--exporter has an empty value'],
    [['--quiet=1'], '--quiet takes no value: 1. Use --quiet or --no-quiet.'],
    [['--concurrency', '0'], '--concurrency must be a whole number from 1 to 64: 0'],
    [['--concurrency', '65'], '--concurrency must be a whole number from 1 to 64: 65'],
    [['--concurrency', '1.5'], '--concurrency must be a whole number from 1 to 64: 1.5'],
    [['--concurrency', '0x8'], '--concurrency must be a whole number from 1 to 64: 0x8'],
    [['--shape', 'squar'], '--shape cannot be: squar. Did you mean square? It is one of round, square.'],
    [['thus'], 'WHAT cannot be: thus. Did you mean this? It is one of this, that.'],
    [['this', 'that'], 'unexpected argument: that'],
  ])('refuses %j', (args, text) => {
    expect(refusal(args)).toContain(text)
  })
})

describe('parse() from the environment', () => {
  it.each([
    [{ SMUGDL_OUTPUT: 'x' }, { output: 'x' }],
    [{ SMUGDL_LOG_FILE: 'x.log' }, { logFile: 'x.log' }],
    [{ SMUGDL_CONCURRENCY: ' 4 ' }, { concurrency: 4 }],
    [{ SMUGDL_ALBUM: 'a b\n\n c,d \n' }, { album: ['a b', 'c,d'] }],
    [{ SMUGDL_EXPORTER: 'folder,zip\nmanifest' }, { exporter: ['folder', 'zip', 'manifest'] }],
    [{ SMUGDL_DRY_RUN: '1' }, { dryRun: true }],
    [{ SMUGDL_DRY_RUN: 'YES' }, { dryRun: true }],
    [{ SMUGDL_DRY_RUN: 'true' }, { dryRun: true }],
    [{ SMUGDL_DRY_RUN: '0' }, { dryRun: false }],
    [{ SMUGDL_DRY_RUN: '' }, { dryRun: false }],
    [{ SMUGDL_NO_SPACE_CHECK: '1' }, { spaceCheck: false }],
    [{ SMUGDL_NO_SPACE_CHECK: 'no' }, { spaceCheck: true }],
  ])('reads %j', (env, expected) => {
    expect(values([], env as Record<string, string>)).toMatchObject(expected)
  })

  it('lets a flag win, a repeatable one as a whole', () => {
    const env = { SMUGDL_OUTPUT: 'x', SMUGDL_ALBUM: 'a', SMUGDL_DRY_RUN: '1', SMUGDL_CONCURRENCY: 'nonsense' }
    const args = ['-o', 'y', '--album', 'b', '--no-dry-run', '--concurrency', '2']
    expect(values(args, env)).toMatchObject({ output: 'y', album: ['b'], dryRun: false, concurrency: 2 })
  })

  it.each([
    [{ SMUGDL_DRY_RUN: 'maybe' }, 'SMUGDL_DRY_RUN must be 1 or 0, true or false, yes or no: maybe'],
    [{ SMUGDL_CONCURRENCY: '100' }, 'SMUGDL_CONCURRENCY must be a whole number from 1 to 64: 100'],
    [{ SMUGDL_SHAPE: 'flat' }, 'SMUGDL_SHAPE cannot be: flat'],
  ])('refuses %j, naming the variable', (env, text) => {
    expect(refusal([], env as Record<string, string>)).toContain(text)
  })
})

describe('wantsJson()', () => {
  it.each([
    [['--json', '--nonsense'], {}, true],
    [['--nonsense'], {}, false],
    [['--', '--json'], {}, false],
    [[], { SMUGDL_JSON: 'yes' }, true],
    [['--no-json'], { SMUGDL_JSON: 'yes' }, false],
  ])('sees in %j with %j whether errors are to be events: %s', (args, env, expected) => {
    expect(wantsJson(args, env as Record<string, string>)).toBe(expected)
  })
})
