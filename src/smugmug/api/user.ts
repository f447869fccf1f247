import { SmugdlError } from '../../error.ts'
import type { Api } from '../api.ts'
import { HttpError } from '../transport/http-error.ts'
import { count, type Fields, number, readRecord, readValue, someText, text, uris } from './fields.ts'
import { endOf, nodeId, someKey } from './keys.ts'
import { withoutSecrets } from './without-secrets.ts'

/** An account (smugmug-api 4.2). */
export type User = ReturnType<typeof userOf>

/** Which account: the token's, or that of a nickname, whose public part a key can read without a token. */
export type Whose = { readonly me: true } | { readonly nickName: string }

/** The account that the token belongs to. Throws as `accountOf` does. */
export function authUser(api: Api): Promise<User> {
  return accountOf(api)
}

/**
 * An account. Throws `auth` if it refuses us, `unreachable` if SmugMug does not answer. `responseLevel` is `Full` if the token
 * sees all that the owner sees.
 */
export async function accountOf(api: Api, whose: Whose = { me: true }): Promise<User> {
  try {
    const query = { _verbosity: '1', _filter: FIELDS, _filteruri: LINKS }
    const { payload, address } = await api.get(userUri(whose), query, 'record')
    return userOf(payload, address)
  } catch (error) {
    throw ofTheAccount(error)
  }
}

/** The path of an account. */
export function userUri(whose: Whose): string {
  return 'me' in whose ? '/api/v2!authuser' : `/api/v2/user/${encodeURIComponent(whose.nickName)}`
}

const FIELDS = [
  'NickName,Name,RefTag,WebUri,ResponseLevel,AccountStatus,ImageCount,Plan,IsTrial,Domain',
  'TotalAccountSize,TotalUploadedSize,Uri,Uris',
].join()
const LINKS = 'Node,UserAlbums'

export const UserRecord = {
  NickName: someKey,
  Name: text,
  WebUri: text,
  ResponseLevel: text,
  AccountStatus: someText,
  Plan: someText,
  ImageCount: count,
  TotalAccountSize: number,
  Uris: uris,
} satisfies Fields

export function userOf(record: unknown, address: string) {
  const user = readRecord(UserRecord, record, address)
  const nodeUri = user.Uris.Node
  return {
    nickName: user.NickName,
    name: user.Name,
    webUri: user.WebUri,
    /** `Full` for the owner; less shows less, without any error. */
    responseLevel: user.ResponseLevel,
    /** `Active`, `PastDue`, `Suspended`, `Closed`. */
    accountStatus: user.AccountStatus,
    plan: user.Plan,
    /** All images of the account; known to drift. */
    imageCount: user.ImageCount,
    /** Bytes. */
    totalSize: user.TotalAccountSize,
    /** The root of the folders. */
    nodeUri,
    nodeId: nodeUri === undefined ? undefined : readValue(nodeId, endOf(nodeUri), address),
    albumsUri: user.Uris.UserAlbums ?? `/api/v2/user/${encodeURIComponent(user.NickName)}!albums`,
    raw: withoutSecrets(record),
  }
}

/** A run cannot continue without the account, so a failure that would concern one item elsewhere ends the run here. */
function ofTheAccount(error: unknown): unknown {
  if (!(error instanceof SmugdlError) || error.kind !== 'item') return error
  const { what, item, cause } = error
  if (error instanceof HttpError && error.status < 500) {
    return new HttpError(error.status, 'auth', { what, item, next: 'Run "smugdl login"', cause })
  }
  return new SmugdlError('unreachable', { what, item, next: error.next, cause })
}
