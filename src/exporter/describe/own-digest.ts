import { createHash } from 'node:crypto'

/*
 * Small files of ours say by themselves whether they still are what smugdl wrote: one line holds a digest of all others. So they are known as
 * ours when the catalog is lost, and as the user's as soon as any program changed them.
 */

/** Where the digest belongs: as the value of `smugmug:Digest` in XMP, of `digest` in JSON with an indentation of 1, a line of its own each. */
export const noDigest = `sha256:${'0'.repeat(64)}`

const line = /^(?: {3}<smugmug:Digest>sha256:([0-9a-f]{64})<\/smugmug:Digest>| "digest": "sha256:([0-9a-f]{64})",)\n/m

/** A text with its own digest instead of `noDigest`. */
export function withDigest(text: string): string {
  return text.replace(line, (whole) => whole.replace(noDigest, `sha256:${digestOf(text)}`))
}

/** As smugdl wrote it, to the last byte, whenever that was. */
export function isAsWritten(text: string): boolean {
  const [, inXmp, inJson] = line.exec(text) ?? []
  return digestOf(text) === (inXmp ?? inJson)
}

/** As smugdl wrote it before there were digests. */
export function withoutDigest(text: string): string {
  return text.replace(line, '')
}

function digestOf(text: string): string {
  return createHash('sha256').update(withoutDigest(text)).digest('hex')
}
