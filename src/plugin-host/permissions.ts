import { SmugdlError } from '../error.ts'

/** The user's permissions for one plugin, besides its own folders. */
export interface Grants {
  /** Everything that this user may do. */
  readonly all: boolean
  readonly net: boolean
  readonly run: boolean
  /** Absolute paths of files, or of folders with all their contents. */
  readonly read: readonly string[]
  /** As `read`; writable paths are readable too. */
  readonly write: readonly string[]
}

export const noGrants: Grants = { all: false, net: false, run: false, read: [], write: [] }

/** The union of both permissions. */
export function withMore(some: Grants, more: Partial<Grants>): Grants {
  return {
    all: some.all || more.all === true,
    net: some.net || more.net === true,
    run: some.run || more.run === true,
    read: [...new Set([...some.read, ...(more.read ?? [])])],
    write: [...new Set([...some.write, ...(more.write ?? [])])],
  }
}

/** As `smugdl plugins allow` takes them: `net`, `read=/photos`. */
export function rightsOf({ all, net, run, read, write }: Grants): string[] {
  return [
    ...(all ? ['all'] : []),
    ...(net ? ['net'] : []),
    ...(run ? ['run'] : []),
    ...read.map((path) => `read=${path}`),
    ...write.map((path) => `write=${path}`),
  ]
}

/** The command that grants a plugin this, as typed in a shell. */
export function allowCommand(plugin: string, rights: readonly string[]): string {
  const quoted = rights.map((right) => (/^[\w@%+=:,./-]+$/.test(right) ? right : `'${right}'`))
  return `smugdl plugins allow ${[plugin, ...quoted].join(' ')}`
}

/**
 * Node's flags that permit a process this and nothing else. `node:sqlite` is disabled, because it would open files anywhere.
 * Throws `usage` for a path with `*`, which Node would treat as a wildcard.
 */
export function nodeFlags({ all, net, run, read, write }: Grants): string[] {
  if (all) return []
  return [
    '--permission',
    '--no-experimental-sqlite',
    ...(net ? ['--allow-net'] : []),
    ...(run ? ['--allow-child-process'] : []),
    ...[...read, ...write].flatMap((path) => under('--allow-fs-read', path)),
    ...write.flatMap((path) => under('--allow-fs-write', path)),
  ]
}

/** The folder need not exist yet; Node takes a missing path for a file. */
function under(flag: string, path: string): string[] {
  if (path.includes('*'))
    throw new SmugdlError('usage', {
      what: 'No plugin can be confined to a path with * in it, which means any name to Node',
      item: path,
      next: 'Use another path, or do without plugins there',
    })
  return [`${flag}=${path}`, `${flag}=${path.replace(/[/\\]$/, '')}${path.includes('\\') ? '\\' : '/'}*`]
}
