import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import type { User } from '../../smugmug/api/user.ts'

/** An output belongs to one account, known by its top folder: the nickname may change. Throws `destination` for another's. */
export function bindAccount(user: User, output: string, catalog: Catalog): void {
  const root = user.nodeId ?? user.nickName
  const before = catalog.account.get()
  if (before !== undefined && before.root !== root && before.nickName !== user.nickName) {
    throw new SmugdlError('destination', {
      what: `This folder holds the account "${before.nickName}", and you are logged in as "${user.nickName}"`,
      item: output,
      next: 'Choose another folder with --output, or log in to the other account',
    })
  }
  catalog.account.put({
    root,
    nickName: user.nickName,
    name: user.name,
    raw: user.raw,
    treeWalkedAt: before?.treeWalkedAt,
  })
}
