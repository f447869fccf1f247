import type { AccountRow } from '../../catalog/account.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import type { User } from '../../smugmug/api/user.ts'

/** Records the account of an output, identified by its root folder, as the nickname may change. Throws `destination` if it is another account's. */
export function bindAccount(user: User, output: string, catalog: Catalog): void {
  const before = catalog.account.get()
  if (before !== undefined && !isSameAccount(before, user)) {
    throw new SmugdlError('destination', {
      what: `This folder holds the account "${before.nickName}", and you are logged in as "${user.nickName}"`,
      item: output,
      next: 'Choose another folder with --output, or log in to the other account',
    })
  }
  catalog.account.put({
    root: rootOf(user),
    nickName: user.nickName,
    name: user.name,
    raw: user.raw,
    treeWalkedAt: before?.treeWalkedAt,
  })
}

/** Whether a home belongs to this account; the nickname may have changed, and the root may be unknown. */
export function isSameAccount(home: Pick<AccountRow, 'root' | 'nickName'>, user: User): boolean {
  return home.root === rootOf(user) || home.nickName === user.nickName
}

function rootOf({ nodeId, nickName }: User): string {
  return nodeId ?? nickName
}
