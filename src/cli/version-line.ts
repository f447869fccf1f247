import { commit, version } from '../version.ts'

/** `smugdl 0.1.0 (commit 1a2b3c4d5e6f, node v26.10.0, linux x64)`. */
export function versionLine(): string {
  return `smugdl ${version} (commit ${commit}, node ${process.version}, ${process.platform} ${process.arch})`
}
