/**
 * What a plugin wanted that Node's permission model refused, and the flag that would grant it, as a sentence; undefined if an error has
 * another cause. Looks into causes too: fetch() hides a refusal there.
 */
export function refused(plugin: string, error: unknown): string | undefined {
  for (const each of chainOf(error)) {
    const sentence = sentenceOf(plugin, each)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** A refusal of ours, in words of Node's. `wanted` completes "wanted to …". */
export function refusal(permission: string, wanted: string): Error {
  return Object.assign(new Error(`Refused: to ${wanted}`), { code: 'ERR_ACCESS_DENIED', permission, wanted })
}

function sentenceOf(plugin: string, error: object): string | undefined {
  const { code, permission, resource, message, syscall, wanted } = error as Partial<Record<string, unknown>>
  if (code === 'ERR_DLOPEN_DISABLED') return sentence('load a native addon', `--allow-all ${plugin}`)
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE' && String(message).includes('sqlite'))
    return sentence('open a database', `--allow-all ${plugin}`)
  if (code !== 'ERR_ACCESS_DENIED') return undefined
  const text = String(message)
  if (/^f(data)?sync API/.test(text))
    return 'wanted fsync, which it may not: what deliver() returns, and what place() and writeFile() make, smugdl makes durable itself'
  if (text.startsWith('fs.symlink')) return sentence('make a symbolic link', `--allow-all ${plugin}`)
  if (typeof wanted === 'string')
    return sentence(wanted, permission === 'Signal' ? `--allow-run ${plugin}` : `--allow-all ${plugin}`)
  switch (permission) {
    case 'FileSystemRead':
      return sentence(`read ${resource}`, `--allow-read ${plugin}:${resource}`)
    case 'FileSystemWrite':
      return sentence(`write ${resource}`, `--allow-write ${plugin}:${resource}`)
    case 'ChildProcess':
      return sentence(`start a program${resource ? `, ${resource}` : ''}`, `--allow-run ${plugin}`)
    case 'Net':
      return sentence('use the network', `--allow-net ${plugin}`)
  }
  if (text.includes('--allow-net') || syscall === 'getaddrinfo')
    return sentence('use the network', `--allow-net ${plugin}`)
  return sentence(`use ${permission || text}`, `--allow-all ${plugin}`)
}

function sentence(wanted: string, flag: string): string {
  return `wanted to ${wanted}, which it may not; ${flag} would permit it`
}

/** The refusal in a text that holds the sentence of one: what the plugin wanted to do, and the flag that would permit it. */
export function refusalIn(text: string): { wanted: string; flag: string } | undefined {
  const { wanted, flag } =
    /wanted to (?<wanted>.+?), which it may not; (?<flag>--allow-.+?) would permit it/.exec(text)?.groups ?? {}
  return wanted === undefined || flag === undefined ? undefined : { wanted, flag }
}

function* chainOf(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 5) return
  yield error
  if ('cause' in error) yield* chainOf(error.cause, depth + 1)
  if ('errors' in error && Array.isArray(error.errors)) for (const each of error.errors) yield* chainOf(each, depth + 1)
}
