import type { AlbumCertificate, Certificate, FolderCertificate } from '../../../engine/check/certificate.ts'
import type { Sums } from '../../../engine/check/sums.ts'

/** The certificate as `--json` promises it: all times ISO 8601 in UTC, sizes in bytes. Fields may be added; none changes its meaning. */
export function certificateObject(certificate: Certificate): object {
  const { complete, account, home, top, total, outside, startedAt, endedAt, choice, ...rest } = certificate
  const { albums, folders } = folderObject(top)
  return {
    type: 'certificate',
    complete,
    account,
    home,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    album: choice.albums,
    exclude: choice.exclude,
    ...rest,
    total: sumsObject(total),
    outside: sumsObject(outside),
    albums,
    folders,
  }
}

function folderObject({ id, name, sums, albums, folders }: FolderCertificate): {
  id: string
  name: string
  sums: object
  albums: object[]
  folders: object[]
} {
  return { id, name, sums: sumsObject(sums), albums: albums.map(albumObject), folders: folders.map(folderObject) }
}

function albumObject({ sums, ...album }: AlbumCertificate): object {
  return { ...album, sums: sumsObject(sums) }
}

function sumsObject({ verified, ...counts }: Sums): object {
  if (verified === undefined) return counts
  const [from, to] = [verified.from, verified.to].map((at) => new Date(at).toISOString())
  return { ...counts, verified: { from, to } }
}
