import { variableIn } from '../app/variable.ts'
import type { Io } from './io.ts'

const secretVariables = ['SMUGDL_API_KEY', 'SMUGDL_API_SECRET', 'SMUGDL_ACCESS_TOKEN', 'SMUGDL_ACCESS_TOKEN_SECRET']
/** Credentials of an object store. */
const storeVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']

/** Whether a variable of this name is a login: no program that smugdl starts gets it. */
export function isCredential(name: string): boolean {
  return [...secretVariables, ...storeVariables].includes(name.toUpperCase())
}

/** The values in the environment that must not appear in an error. */
export function secretsIn(env: Io['env']): Set<string> {
  return new Set(secretVariables.flatMap((name) => [variableIn(env, name) ?? [], env[name] ?? []].flat()))
}

/** A text without the secrets. Short values are left alone: replacing every `a` hides nothing and makes the text unreadable. */
export function scrubbed(text: string, secrets: Iterable<string>): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < 6) continue
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
      clean = clean.replaceAll(form, '[secret]')
  }
  return clean
}
