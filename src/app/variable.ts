import type { Environment } from './environment.ts'

/**
 * What a variable of the environment holds, without blanks around it and without the quotation marks that a file of variables keeps where
 * a shell would have taken them off (`docker --env-file`, systemd). Undefined when that is nothing.
 */
export function variableIn(env: Environment['env'], name: string): string | undefined {
  const text = withoutQuotes(env[name]?.trim() ?? '').trim()
  return text === '' ? undefined : text
}

/** Without the one pair of quotation marks that is around all of it. */
export function withoutQuotes(text: string): string {
  const [, , inside] = /^(["'])(.*)\1$/s.exec(text) ?? []
  return inside ?? text
}
