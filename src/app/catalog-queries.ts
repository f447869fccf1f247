import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { LockOwner } from '../catalog/lock/owner.ts'
import type { Json } from '../catalog/row.ts'
import type { RunRow } from '../catalog/runs.ts'
import type { AcceptedItem } from '../engine/query/accept.ts'
import type { FieldValue } from '../engine/query/fields.ts'
import type { Hit, Search } from '../engine/query/find.ts'
import { SmugdlError } from '../error.ts'
import type { Notice, Surroundings } from './environment.ts'
import { changeOutput, openCommitted } from './output.ts'
import { homeToRead } from './remembered-homes.ts'

/** Which output; a path as the user gave it, the home as `chosenHome` has it if absent. */
export interface OutputChoice {
  output?: string | undefined
}

/** What was accepted as never to come. */
export async function accepted({ output }: OutputChoice, use: Surroundings): Promise<AcceptedItem[]> {
  const { acceptedItems } = await import('../engine/query/accept.ts')
  using home = await openCommitted(await homeToRead(output, use), use)
  return acceptedItems(home.catalog)
}

/** Accepts images and albums, by key, for a reason, or takes that back without one. All or nothing: throws `usage` for an unknown key. */
export async function accept(
  { output, keys, reason }: OutputChoice & { keys: readonly string[]; reason?: string | undefined },
  use: Surroundings,
): Promise<void> {
  const { accept, takeBack } = await import('../engine/query/accept.ts')
  await changeOutput(await homeToRead(output, use), 'accept', use, (catalog) =>
    reason === undefined ? takeBack(keys, use.now(), catalog) : accept(keys, reason, use.now(), catalog),
  )
}

/** The images that match, one event each, as the last run knew them. How many there were. */
export async function find(
  { output, asked, kind }: OutputChoice & Pick<Search, 'asked' | 'kind'>,
  use: Surroundings<Notice | { type: 'hit'; hit: Hit }>,
): Promise<number> {
  const { find } = await import('../engine/query/find.ts')
  const folder = await homeToRead(output, use)
  using home = await openCommitted(folder, use)
  const path = asked === undefined ? undefined : pathWithin(folder, asked, use)
  let found = 0
  for (const hit of find({ asked, path, kind }, folder, home.catalog)) {
    found += 1
    use.events({ type: 'hit', hit })
  }
  return found
}

/** Every field of path templates, of the picture with this key or of any. Throws `usage` for a key that no run has listed. */
export async function fields(
  { output, key }: OutputChoice & { key?: string | undefined },
  use: Surroundings,
): Promise<FieldValue[]> {
  const { fieldValues } = await import('../engine/query/fields.ts')
  using home = await openCommitted(await homeToRead(output, use), use)
  const values = fieldValues(key, home.catalog)
  if (values !== undefined) return values
  throw new SmugdlError('usage', {
    what: 'No run has seen a picture with this key',
    ...(key !== undefined && { item: key }),
    next: '"smugdl find" shows the keys in brackets, such as [kQ3v9Zt]',
  })
}

/** What was asked for as a path relative to the output, with slashes; undefined where it is none within. */
function pathWithin(output: string, asked: string, { environment }: Surroundings): string | undefined {
  if (/^(?:~|https?:)/i.test(asked)) return undefined
  const path = relative(output, isAbsolute(asked) ? asked : resolve(environment.cwd, asked))
  return path === '' || path.startsWith('..') || isAbsolute(path) ? undefined : path.replaceAll(sep, '/')
}

/** The last runs, newest first; `isUnderWay`: a run without an end goes on, else it was killed. */
export async function runs(
  { output, limit }: OutputChoice & { limit: number },
  use: Surroundings,
): Promise<{ rows: RunRow[]; isUnderWay: boolean }> {
  using home = await openCommitted(await homeToRead(output, use), use)
  return { rows: home.catalog.runs.newest(limit), isUnderWay: home.underWay !== undefined }
}

/** A run, the last one if no number is given, with an event for each item that it could not make safe. Throws `usage` for one that is not remembered. */
export async function failuresOf(
  { output, run }: OutputChoice & { run?: number | undefined },
  use: Surroundings<Notice | { type: 'failure'; failure: Json }>,
): Promise<{ run: RunRow; failures: number; isUnderWay: boolean }> {
  using home = await openCommitted(await homeToRead(output, use), use)
  const { catalog } = home
  const [newest] = catalog.runs.newest(1)
  const row = run === undefined ? newest : catalog.runs.get(run)
  if (row === undefined) throw unknownRun(run, newest?.id)
  let failures = 0
  for (const failure of catalog.runs.failures(row.id)) {
    failures += 1
    use.events({ type: 'failure', failure })
  }
  return { run: row, failures, isUnderWay: home.underWay !== undefined }
}

function unknownRun(run: number | undefined, newest: number | undefined): SmugdlError {
  return new SmugdlError('usage', {
    what: newest === undefined ? 'No run was made yet' : 'There is no such run',
    ...(run !== undefined && { item: String(run) }),
    ...(newest !== undefined && { next: `The last one is ${newest}; "smugdl runs" lists them` }),
  })
}

/** Forgets the lock of a run that is no longer alive. Who held it, as far as that is known. */
export async function unlock({ output }: OutputChoice, use: Surroundings): Promise<LockOwner | undefined> {
  const { clearLock } = await import('../catalog/lock/lock.ts')
  return clearLock(await homeToRead(output, use))
}
