import { AssertionError } from 'node:assert'
import { basename, dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { loadInstalledPlugin } from '../../app/load-plugin.ts'
import { pathGiven } from '../../app/path-given.ts'
import { type GrantValues, grantsOf } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import { counted } from '../../app/text/quantities.ts'
import { SmugdlError } from '../../error.ts'
import { refusalIn } from '../../plugin-host/child/refusals.ts'
import { type FoundPlugin, pluginAt } from '../../plugin-host/find.ts'
import type { Plugin } from '../../plugin-host/parent/plugin.ts'
import { confirmIn } from '../confirm.ts'
import { exitCodes } from '../exit.ts'
import type { Io } from '../io.ts'
import { treeOf } from '../tree.ts'

/**
 * Runs a plugin over a sample account in a temporary folder and shows what came out, then tries what every exporter must do. Begins nothing
 * new after `signal`. Exits 1 if anything of it fails. `quick`: of the checks, the first five.
 */
export async function check(
  path: string,
  values: GrantValues & { quick: boolean },
  io: Io,
  signal = new AbortController().signal,
): Promise<0 | 1> {
  const found = await pluginAtPath(path, io)
  const grants = grantsOf(values, [found.name], io)(found.name)
  await using plugin = (await loadInstalledPlugin(found, grants, { confirm: confirmIn(io, signal) }, io)).plugin
  const say = (line: string) => io.stdout.write(`${printable(line)}\n`)

  for (const line of await sampleRun(plugin, path)) say(line)
  say('')
  const { exporterContract } = await import('../../exporter-suite/exporter-contract.ts')
  let failed = 0
  const all = exporterContract(plugin)
  const checks = values.quick ? all.slice(0, 5) : all
  for (const { name, run } of checks) {
    if (signal.aborted) return 0
    const problem = await run().then(
      () => undefined,
      (error: unknown) => problemIn(error),
    )
    // It failed because it was ended.
    if (signal.aborted) return 0
    say(problem === undefined ? `ok      ${name}` : `FAILED  ${name}`)
    for (const line of problem ?? []) say(`          ${line}`)
    if (problem !== undefined) failed += 1
    stopAtRefusal(problem?.join(' '), path)
  }
  say('')
  say(
    failed === 0
      ? values.quick
        ? `${found.name} does what the first ${checks.length} of ${all.length} checks ask for; without --quick it is tried by all.`
        : `${found.name} does all that an exporter must.`
      : `${counted(failed, 'check')} of ${checks.length} failed.`,
  )
  return failed === 0 ? 0 : exitCodes.item
}

/** The plugin at a path that the user typed, which may be the file that its folder is loaded from. Throws `usage` where there is none. */
export async function pluginAtPath(path: string, io: Io): Promise<FoundPlugin> {
  const given = pathGiven(path, io)
  const around = await pluginAt(dirname(given))
  const found = around?.entry === given ? around : await pluginAt(given)
  if (found !== undefined) return found
  throw new SmugdlError('usage', {
    what: 'There is no plugin',
    item: path,
    next: 'A plugin is a .js, .mjs, .cjs, .ts or .mts file, or a folder with a package.json',
  })
}

/** What a missing right would fail a hundred times is said once. Throws `usage`. */
function stopAtRefusal(text: string | undefined, path: string): void {
  const refusal = text === undefined ? undefined : refusalIn(text)
  if (refusal === undefined) return
  throw new SmugdlError('usage', {
    what: `The plugin wants to ${refusal.wanted}, which it may not`,
    next: `To permit that: smugdl plugins check ${path} ${refusal.flag}`,
  })
}

async function sampleRun(plugin: Plugin, path: string): Promise<string[]> {
  const [{ openStage }, { sample }] = await Promise.all([
    import('../../exporter-suite/stage.ts'),
    import('../../exporter-suite/sample.ts'),
  ])
  await using stage = await openStage(sample())
  const { summary, error } = await stage.run([plugin])
  for (const text of summary?.failed.map(({ reason }) => reason) ?? [String(error)]) stopAtRefusal(text, path)
  if (summary === undefined) throw error
  return [
    `${plugin.name} made this of the sample account:`,
    '',
    `${basename(plugin.name)}/`,
    ...(await treeOf(join(stage.output, plugin.name), { files: 20, sizes: true })),
    ...summary.notices.map((notice) => `Notice: ${notice}`),
    ...Object.values(summary.made ?? {}).map(
      (made) => `${counted(made, 'file has', 'files have')} not the bytes of the picture: made of it, and no copy.`,
    ),
    ...summary.failed.map(({ item, reason, next }) => `Failed: ${item}: ${[reason, next].filter(Boolean).join('. ')}`),
  ]
}

function problemIn(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const seen = error instanceof AssertionError && !error.generatedMessage ? `, but found ${inspect(error.actual)}` : ''
  return `${error.message}${seen}`.split('\n').slice(0, 20)
}
