import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { report } from '../../src/cli/exit.ts'
import { secretsIn } from '../../src/cli/secrets.ts'
import { type ErrorKind, SmugdlError } from '../../src/error.ts'
import { testIo } from './world.ts'

function reported(error: unknown, { env = {}, json = false }: { env?: Record<string, string>; json?: boolean } = {}) {
  const io = testIo({ env })
  const code = report(error, { io, secrets: secretsIn(env), json })
  return { code, stdout: io.out(), stderr: io.err() }
}

describe('report()', () => {
  it.each<[ErrorKind, number]>([
    ['item', 1],
    ['usage', 2],
    ['auth', 3],
    ['destination', 4],
    ['unreachable', 5],
    ['bug', 70],
    ['cancelled', 130],
  ])('ends with the code of %s: %i', (kind, code) => {
    expect(reported(new SmugdlError(kind, { what: 'It failed' })).code).toBe(code)
  })

  it('says what happened, to which item, and what to do next', () => {
    const error = new SmugdlError('destination', { what: 'The disk is full', item: '/photos', next: 'Free space' })
    expect(reported(error).stderr).toBe('smugdl: The disk is full: /photos\n  Free space.\n')
    expect(reported(error).stdout).toBe('')
  })

  it('takes what the disk did for no bug, wherever that was', () => {
    const error = Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'scandir', path: '/photos' })
    const { code, stderr } = reported(error)
    expect([code, stderr]).toEqual([4, expect.stringMatching(/^smugdl: The disk reports an error: \/photos\n/)])
  })

  it('gives each of several problems a line', () => {
    const error = new SmugdlError('usage', { what: 'One thing\nAnother', item: 'a\nb', next: 'Mend both' })
    expect(reported(error).stderr).toBe('smugdl: One thing\n  Another: a b\n  Mend both.\n')
  })

  it('tells a program too', () => {
    const error = new SmugdlError('usage', { what: 'No such flag', next: 'Look' })
    const { stdout } = reported(error, { json: true })
    expect(stdout.endsWith('\n')).toBe(true)
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      type: 'error',
      kind: 'usage',
      code: 2,
      what: 'No such flag',
      next: 'Look',
    })
  })

  it('lets no name move the cursor', () => {
    const { stderr } = reported(new SmugdlError('usage', { what: 'No album', item: 'a\u001b[2Jb\nc' }))
    expect(stderr).not.toContain('\u001b')
    expect(stderr.split('\n')).toHaveLength(2)
  })

  it('shows the stack of what nobody foresaw, with its causes, version and where to report', () => {
    const { code, stderr } = reported(new TypeError('x is not a function', { cause: new Error('the deeper reason') }))
    expect(code).toBe(70)
    expect(stderr).toMatch(/smugdl \d+\.\d+\.\d+ broke: x is not a function\n/)
    expect(stderr).toContain('exit.test.ts')
    expect(stderr).toContain('Caused by: Error: the deeper reason')
    expect(stderr).toMatch(/report .*node v\d+.*linux/i)
  })

  it('survives what is thrown without being an error', () => {
    expect(reported('nonsense').stderr).toContain('broke: nonsense')
    expect(reported(undefined).code).toBe(70)
  })

  it('shows no secret in any form', () => {
    const env = {
      SMUGDL_API_KEY: 'key"12345',
      SMUGDL_API_SECRET: 'secret/+12345',
      SMUGDL_ACCESS_TOKEN: 'token12345',
      SMUGDL_ACCESS_TOKEN_SECRET: 'tokensecret12345',
    }
    const text = Object.values(env)
      .flatMap((value) => [value, encodeURIComponent(value)])
      .join(' ')
    for (const error of [new Error(text), new SmugdlError('auth', { what: text, item: text, next: text })]) {
      const { stdout, stderr } = reported(error, { env, json: true })
      expect(stdout + stderr).not.toContain('12345')
      expect(stderr).toContain('[secret]')
      expect(() => JSON.parse(stdout)).not.toThrow()
    }
  })
})

describe('endWith()', () => {
  it('takes a code that never comes for a bug, where Node would end with 0', () => {
    const file = join(import.meta.dirname, '../../src/cli/exit.ts')
    const program = `import { endWith } from ${JSON.stringify(file)}
      endWith(new Promise(() => {}), { stdout: process.stdout, stderr: process.stderr }, [])`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([70, expect.stringContaining('waits for something that cannot come any more')])
  })
})
