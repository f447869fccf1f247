import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { start } from '../../e2e/program.ts'
import { until } from '../../e2e/scenario.ts'

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'smugdl-demo-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

describe.concurrent('smugdl demo', () => {
  it('brings its account home, shows the tree, and proves that it is exact', async ({ expect }) => {
    await using here = await folder()
    const { code, stdout } = await start(['demo'], { HOME: here.path }, here.path).ended
    expect(code).toBe(0)
    expect(await readdir(here.path)).toEqual(['smugmug_demo'])
    expect(stdout).toContain('303 listed = 302 new + 0 updated + 0 unchanged + 0 skipped + 1 failed')
    expect(stdout).toContain('… 198 more')
    expect(stdout).toContain('Dancing.MOV')
    await expect(stdout.slice(stdout.indexOf('\nsmugmug_demo\n'))).toMatchFileSnapshot('golden/demo.txt')
  })

  it('takes the next free name, and never a folder that holds anything', async ({ expect }) => {
    await using here = await folder()
    await writeFile(join(here.path, 'smugmug_demo'), 'mine')
    const { code, stdout } = await start(['demo', '--json'], { HOME: here.path }, here.path).ended
    expect(code).toBe(0)
    expect((await readdir(here.path)).sort()).toEqual(['smugmug_demo', 'smugmug_demo-2'])
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.at(-1)).toEqual({
      v: 1,
      type: 'demo.finished',
      output: join(here.path, 'smugmug_demo-2'),
      isExact: true,
      isCompared: true,
      same: 302,
      missing: 0,
      unexpected: 0,
      unavailable: 1,
    })
    const again = await start(['demo', '-o', 'smugmug_demo-2'], { HOME: here.path }, here.path).ended
    expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('new or empty folder')])
  })

  it('shows, with sizes, what a plugin makes of its account, and compares nothing', async ({ expect }) => {
    await using here = await folder()
    const examples = join(import.meta.dirname, '../../../plugins/examples')
    const args = ['demo', '-e', 'by-date', '--plugin-dir', examples]
    const { code, stdout } = await start(args, { HOME: here.path }, here.path).ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/\nsmugmug_demo\n└── by-date\/\n/)
    expect(stdout).toMatch(/\.JPG {2}\d+(?:\.\d)? kB\n/)
    expect(stdout).not.toContain('Home is')
  })

  it('says so, and ends with 1, when home is not what the account holds', async ({ expect }) => {
    await using here = await folder()
    const running = start(['demo', '--json'], { HOME: here.path }, here.path)
    const file = () => /"path":"([^"]+)"/.exec(running.said)?.[1]
    await until(() => file() !== undefined)
    await appendFile(join(here.path, 'smugmug_demo', file() ?? ''), 'x')
    const { code, stdout } = await running.ended
    expect(code).toBe(1)
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      isExact: false,
      missing: 1,
      unexpected: 1,
    })
  })

  it('offers the account alone, until Ctrl-C', async ({ expect }) => {
    await using here = await folder()
    const server = start(['demo', '--serve'], { HOME: here.path }, here.path)
    await until(() => server.said.includes('SMUGDL_ACCESS_TOKEN_SECRET='))
    const env = Object.fromEntries(
      Array.from(server.said.matchAll(/^export (\w+)=(\S+)$/gm), ([, name = '', value = '']) => [name, value]),
    )
    const { code, stderr } = await start(['albums'], { HOME: here.path, ...env }, here.path).ended
    expect([code, stderr]).toEqual([0, '15 albums (1 private, 1 unlisted), 303 pictures, 4.4 MB\n'])
    server.kill('SIGINT')
    expect(await server.ended).toMatchObject({ code: 0, signal: undefined })
    expect(await readdir(here.path)).toEqual([])
  })
})
