import { allowCommand } from '../permissions.ts'

/**
 * A sentence that says what Node's permission model refused to a plugin, and the command that would permit it; undefined if an error has
 * another cause. Also looks into `cause`, where fetch() puts a refusal.
 */
export function refused(plugin: string, error: unknown): string | undefined {
  for (const each of chainOf(error)) {
    const sentence = sentenceOf(plugin, each)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** A refusal by smugdl, in the form of Node's. `wanted` completes "wanted to …". */
export function refusal(permission: string, wanted: string): Error {
  return Object.assign(new Error(`Refused: to ${wanted}`), { code: 'ERR_ACCESS_DENIED', permission, wanted })
}

function sentenceOf(plugin: string, error: object): string | undefined {
  const { code, permission, resource, message, syscall, wanted } = error as Partial<Record<string, unknown>>
  if (code === 'ERR_DLOPEN_DISABLED') return sentence(plugin, 'load a native addon', 'all')
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE' && String(message).includes('sqlite'))
    return sentence(plugin, 'open a database', 'all')
  if (code !== 'ERR_ACCESS_DENIED') return undefined
  const text = String(message)
  if (/^f(data)?sync API/.test(text))
    return 'wanted fsync, which it may not: what deliver() returns, and what place() and writeFile() make, smugdl makes durable itself'
  if (text.startsWith('fs.symlink')) return sentence(plugin, 'make a symbolic link', 'all')
  if (typeof wanted === 'string') return sentence(plugin, wanted, permission === 'Signal' ? 'run' : 'all')
  switch (permission) {
    case 'FileSystemRead':
      return sentence(plugin, `read ${resource}`, `read=${resource}`)
    case 'FileSystemWrite':
      return sentence(plugin, `write ${resource}`, `write=${resource}`)
    case 'ChildProcess':
      return sentence(plugin, `start a program${resource ? `, ${resource}` : ''}`, 'run')
    case 'Net':
      return sentence(plugin, 'use the network', 'net')
  }
  if (text.includes('--allow-net') || syscall === 'getaddrinfo') return sentence(plugin, 'use the network', 'net')
  return sentence(plugin, `use ${permission || text}`, 'all')
}

function sentence(plugin: string, wanted: string, right: string): string {
  return `wanted to ${wanted}, which it may not; "${allowCommand(plugin, [right])}" would permit it`
}

/** The refusal that a text describes: what the plugin wanted to do, and the flag that permits it once. */
export function refusalIn(text: string): { wanted: string; flag: string } | undefined {
  const { wanted, plugin, right } =
    /wanted to (?<wanted>.+?), which it may not; "smugdl plugins allow (?<plugin>\S+) (?<right>.+?)" would permit it/.exec(
      text,
    )?.groups ?? {}
  if (wanted === undefined || right === undefined) return undefined
  const [kind, path] = right.replaceAll("'", '').split(/=(.*)/s)
  return { wanted, flag: `--allow-${kind} ${plugin}${path === undefined ? '' : `:${path}`}` }
}

function* chainOf(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 5) return
  yield error
  if ('cause' in error) yield* chainOf(error.cause, depth + 1)
  if ('errors' in error && Array.isArray(error.errors)) for (const each of error.errors) yield* chainOf(each, depth + 1)
}
