import { type Folder, urlPathOf, type World } from '../world.ts'

export function userUri({ user }: World): string {
  return `/api/v2/user/${encodeURIComponent(user.nickName)}`
}

/** The address of a folder by its path. */
export function folderUri(folder: Folder, { user }: World): string {
  return `/api/v2/folder/user/${encodeURIComponent(user.nickName)}${urlPathOf(folder)}`
}
