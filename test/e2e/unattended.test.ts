import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, type Scenario, scenario, until } from './scenario.ts'

/** An album of so many pictures, of so many bytes each. */
function account(images: number, size = 1000): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let n = 1; n <= images; n++) world.addImage(album, { fileName: `${n}.jpg`, size })
  return world
}

/** An account that would take minutes: 400 kB at 10 kB a second. */
const slow = ['--limit-rate', '10k', '--concurrency', '1']

/** As the program prints it, whose clock is in UTC. */
const today = () => new Date().toISOString().slice(0, 10)

const text = ({ folder }: Scenario, name: string) => readFile(join(folder, name), 'utf8')
const json = async (scene: Scenario, name: string) => JSON.parse(await text(scene, name))

describe.concurrent('--max-duration', () => {
  it('stops a run on purpose: exit 6, what is home stays, the next run continues, and status counts it for nothing', async ({
    expect,
  }) => {
    await using scene = await scenario(account(40, 10_000))
    const run = await scene.download(...slow, '--max-duration', '2s')
    expect(run.code).toBe(6)
    expect(run.events.find(({ type }) => type === 'run.stopped')).toMatchObject({ ended: 'stopped', failedInAll: 0 })
    expect(run.events.at(-1)).toMatchObject({ type: 'error', kind: 'stopped', code: 6 })
    const status = await scene.smugdl(['status', '-o', scene.output])
    expect([status.code, status.stdout]).toEqual([
      1,
      expect.stringContaining('No run has brought everything home yet.'),
    ])
    expect(status.stdout).toMatch(/stopped: Stopped on purpose: the time of --max-duration is over/)
    const { stdout } = await scene.smugdl(['runs', '--json', '-o', scene.output])
    expect(JSON.parse(stdout)).toMatchObject({ ended: 'stopped', exitCode: 6 })
    await expectAllHome(scene, await scene.download())
    expect((await scene.smugdl(['status', '-o', scene.output])).code).toBe(0)
  })

  it('says how far it came and how to go on, and nothing with -q', async ({ expect }) => {
    await using scene = await scenario(account(40, 10_000))
    const args = ['-o', scene.output, ...slow, '--max-duration', '1s']
    const told = await scene.smugdl(args)
    expect(told.stderr).toMatch(/Stopped\. \d+ of about 40 pictures are home \(.*\)\. Go on with: smugdl -o /)
    expect(told.stderr).toContain('smugdl: Stopped on purpose: the time of --max-duration is over')
    expect(await scene.smugdl([...args, '-q'])).toMatchObject({ code: 6, stdout: '', stderr: '' })
  })

  it('changes nothing for a run that ends earlier', async ({ expect }) => {
    await using scene = await scenario(account(2))
    const run = await scene.download('--max-duration', '24d')
    await expectAllHome(scene, run, { new: 2 })
    expect(run.code).toBe(0)
  })

  it('hides nothing that is not safe: exit 1 with its name', async ({ expect }) => {
    const world = account(100, 10_000)
    const broken = world.addImage(world.addAlbum({ name: 'A broken one' }), { fileName: 'x.jpg', size: 10_000 })
    await using scene = await scenario(world)
    scene.smugmug.faults.add({ path: broken.key, kind: 'media', do: { kind: 'status', status: 404 } })
    await scene.download('--album', 'A broken one')
    const within = (time: string) => scene.smugdl(['-o', scene.output, ...slow, '--max-duration', time])
    let run = await within('3s')
    // On a busy machine the time may be over before the picture is asked for again.
    if (run.code === 6) run = await within('30s')
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('A broken one/x.jpg')])
    expect((await scene.smugdl(['status', '-o', scene.output])).code).toBe(1)
  })
})

describe.concurrent('--exec-on-success, --exec-on-failure and --exec-on-finish', () => {
  const all = ['success', 'failure', 'finish'].flatMap((end) => [`--exec-on-${end}`, `/bin/cat > ${end}.json`])
  const told = async (scene: Scenario) => {
    const found = ['success', 'failure', 'finish'].map(
      async (end) => (await text(scene, `${end}.json`).catch(() => '')) !== '',
    )
    return Promise.all(found)
  }

  it('get what the run came to, on standard input, after it ended well', async ({ expect }) => {
    await using scene = await scenario(account(3))
    expect((await scene.smugdl(['-o', scene.output, ...all])).code).toBe(0)
    expect(await told(scene)).toEqual([true, false, true])
    const report = await json(scene, 'success.json')
    expect(report).toMatchObject({ v: 1, type: 'run', exitCode: 0, ended: 'finished', output: scene.output })
    expect(report.summary).toMatchObject({ failedInAll: 0, exporters: { folder: { listed: 3, new: 3 } } })
    expect(report.summary.startedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(await json(scene, 'finish.json')).toEqual(report)
  })

  it('hear of a failure, also of one that came before the run had begun', async ({ expect }) => {
    await using scene = await scenario(account(1))
    const none = { SMUGDL_ACCESS_TOKEN: undefined, SMUGDL_ACCESS_TOKEN_SECRET: undefined }
    expect((await scene.smugdl(['-q', '-o', scene.output, ...all], none)).code).toBe(3)
    expect(await told(scene)).toEqual([false, true, true])
    expect(await json(scene, 'failure.json')).toEqual({
      v: 1,
      type: 'run',
      exitCode: 3,
      ended: 'failed',
      error: { kind: 'auth', what: 'Nobody is logged in', next: expect.any(String) },
    })
  })

  it('take a run that was stopped on purpose for neither', async ({ expect }) => {
    await using scene = await scenario(account(40, 10_000))
    expect((await scene.smugdl(['-o', scene.output, ...slow, '--max-duration', '1s', ...all])).code).toBe(6)
    expect(await told(scene)).toEqual([false, false, true])
    expect(await json(scene, 'finish.json')).toMatchObject({
      exitCode: 6,
      ended: 'stopped',
      error: { kind: 'stopped' },
    })
  })

  it('have no login in their environment, and the rest of it', async ({ expect }) => {
    await using scene = await scenario(account(1))
    const command =
      'echo "$SMUGDL_API_KEY$SMUGDL_API_SECRET$SMUGDL_ACCESS_TOKEN$SMUGDL_ACCESS_TOKEN_SECRET$AWS_SECRET_ACCESS_KEY:$PING" > env'
    const env = { AWS_SECRET_ACCESS_KEY: 'secret', PING: 'https://example.com' }
    await scene.smugdl(['-o', scene.output, '--exec-on-finish', command], env)
    expect(await text(scene, 'env')).toBe(':https://example.com\n')
  })

  it('change nothing by failing, by not reading, by going on in the background, and by printing without end', async ({
    expect,
  }) => {
    await using scene = await scenario(account(300))
    const failing = await scene.smugdl(['-o', scene.output, '--exec-on-success', 'exit 7'])
    expect(failing.code).toBe(0)
    expect(failing.stderr).toContain(
      "--exec-on-success ended with 7; that changes nothing of the run's own exit code, 0",
    )
    const closing = await scene.smugdl(['-q', '-o', scene.output, '--exec-on-success', 'exec 0<&-'])
    expect(closing).toMatchObject({ code: 0, stderr: '' })
    const background = await scene.smugdl([
      '-q',
      '-o',
      scene.output,
      '--exec-on-success',
      'while :; do :; done & echo $! > pid',
    ])
    process.kill(Number(await text(scene, 'pid')), 'SIGKILL')
    expect(background.code).toBe(0)
    const loud = 'i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done'
    const { stdout, stderr, code } = await scene.smugdl(['-q', '-o', scene.output, '--exec-on-success', loud])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('it prints more than is shown here')
    expect(stderr.length).toBeLessThan(70_000)
  })

  it('are ended by Ctrl-C, with all that they started', async ({ expect }) => {
    await using scene = await scenario(account(1))
    const running = scene.start('--exec-on-success', '(echo $$ > began; while :; do :; done)')
    await until(async () => (await text(scene, 'began').catch(() => '')) !== '')
    const shell = Number(await text(scene, 'began'))
    try {
      running.kill('SIGINT')
      const { code, stderr } = await running.run
      expect([code, stderr]).toEqual([0, expect.stringContaining('was ended by SIGKILL')])
      expect(() => process.kill(shell, 0)).toThrow('ESRCH')
    } finally {
      // What this test shows to be ended must not run on where it fails.
      try {
        process.kill(-shell, 'SIGKILL')
      } catch {}
    }
  })

  it('are for the command line alone', async ({ expect }) => {
    await using scene = await scenario(account(1))
    const { code, stderr } = await scene.smugdl(['-o', scene.output], {
      SMUGDL_EXEC_ON_FINISH: '/bin/cat > finish.json',
    })
    expect([code, await told(scene)]).toEqual([0, [false, false, false]])
    expect(stderr).toContain('SMUGDL_EXEC_ON_FINISH in the environment is unknown and has no effect.')
    const dry = await scene.smugdl(['-o', scene.output, '--dry-run', ...all])
    expect([dry.code, dry.stderr]).toEqual([2, expect.stringContaining('do nothing with --dry-run')])
  })
})

describe.concurrent('a run with -q', () => {
  it('names what is not safe once, and from then on counts it in one line, until something new fails', async ({
    expect,
  }) => {
    const world = account(3)
    await using scene = await scenario(world)
    const corrupt = (key: string) => scene.smugmug.faults.add({ path: key, kind: 'media', do: { kind: 'flipped' } })
    const [first, second] = [...world.images.values()]
    corrupt(first?.key ?? '')
    const quiet = () => scene.smugdl(['-q', '-o', scene.output])
    const night1 = await quiet()
    expect([night1.code, night1.stdout]).toEqual([1, expect.stringContaining('Rome/1.jpg')])
    const line = `Still not safe since ${today()}: 1 item (smugdl runs show names it).\n`
    expect(await quiet()).toMatchObject({ code: 1, stdout: line, stderr: '' })
    corrupt(second?.key ?? '')
    await rm(join(scene.output, 'Rome/2.jpg'))
    const night3 = await quiet()
    expect(night3.stdout).toContain('1 item is not safe:')
    expect(night3.stdout).toContain('Rome/2.jpg')
    expect(night3.stdout).not.toContain('Rome/1.jpg')
    expect(night3.stdout).toContain(line)
    scene.smugmug.faults.clear()
    expect(await scene.smugdl(['retry', '-q', '-o', scene.output])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await quiet()).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it.for(['SIGTERM', 'SIGKILL'] as const)(
    'names what failed first in a run that %s ended',
    async (signal, { expect }) => {
      const world = account(2)
      const album = world.addAlbum({ name: 'Videos' })
      world.addVideo(album, { fileName: 'dance.mov', processing: true })
      await using scene = await scenario(world)
      const go = Promise.withResolvers<void>()
      const heal = scene.smugmug.faults.add({
        path: '/photos/',
        kind: 'media',
        do: { kind: 'held', until: go.promise },
      })
      const running = scene.start()
      await until(() => running.said.includes('"image.failed"'))
      running.kill(signal)
      if (signal === 'SIGTERM') await until(() => running.said.includes('once more'))
      running.kill(signal)
      await running.run
      go.resolve()
      heal()
      const quiet = () => scene.smugdl(['-q', '-o', scene.output])
      expect((await quiet()).stdout).toContain('Videos/dance.mov')
      expect((await quiet()).stdout).toBe(`Still not safe since ${today()}: 1 item (smugdl runs show names it).\n`)
    },
  )
})

describe.concurrent('check in cron', () => {
  it('says nothing with -q when all is home, names what is not, and keeps a log', async ({ expect }) => {
    await using scene = await scenario(account(2))
    await scene.download()
    const check = (...args: string[]) => scene.smugdl(['check', '-o', scene.output, ...args])
    expect(await check('-q', '--log-file', 'check.log')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await text(scene, 'check.log')).toMatch(/ info {2}Complete: 2 of 2\n\S+ info {2}exit 0\n$/)
    expect((await check('-v')).stdout).toContain('= Rome/1.jpg\n')
    await rm(join(scene.output, 'Rome/1.jpg'))
    const { code, stdout, stderr } = await check('-q', '--log-file', 'check.log')
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^\+ Rome\/1\.jpg: .*\nNot complete: 1 of 2, 1 missing\n$/s)
    expect(await text(scene, 'check.log')).toMatch(/ warn {2}\+ Rome\/1\.jpg: .* info {2}exit 1\n$/s)
  })
})

describe.concurrent('the log file', () => {
  it('begins with version and command, ends with the exit code, and tells pictures with --log-level debug', async ({
    expect,
  }) => {
    await using scene = await scenario(account(1))
    await scene.smugdl(['-q', '-o', scene.output, '--log-file', 'info.log'])
    const [first = '', ...rest] = (await text(scene, 'info.log')).trimEnd().split('\n')
    expect(first).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 info {2}smugdl \d.*\): smugdl -q -o \S+ --log-file info\.log$/,
    )
    expect(rest.at(-1)).toMatch(/^\S+ info {2}exit 0$/)
    expect(rest.join('\n')).toContain('Downloading the account of')
    expect(rest.join('\n')).not.toContain('Rome/1.jpg')
    await rm(join(scene.output, 'Rome/1.jpg'))
    await scene.smugdl(['-q', '-o', scene.output, '--log-file', 'debug.log', '--log-level', 'debug'])
    expect(await text(scene, 'debug.log')).toMatch(/ debug fetched Rome\/1\.jpg \(/)
  })

  it('has the reason of a run that could not begin, and its code', async ({ expect }) => {
    await using scene = await scenario(account(1))
    const { code } = await scene.smugdl(['-q', '--expect-home', '-o', scene.output, '--log-file', 'log'])
    expect(code).toBe(4)
    expect(await text(scene, 'log')).toMatch(/ error smugdl: There is no home here.*\n.*\n\S+ info {2}exit 4\n$/)
  })
})
