import { bytes, count, counted, dateOf, pictures } from '../../../app/text/quantities.ts'
import type { Certificate } from '../../../engine/check/certificate.ts'
import type { Sums } from '../../../engine/check/sums.ts'
import type { VerdictKind } from '../../../engine/check/verdict.ts'
import { albumsOfKinds } from '../album-kinds.ts'
import { when } from '../when.ts'

/** The verdict in one line: `Complete: 48,211 of 48,211`. */
export function headline(certificate: Certificate): string {
  return [verdictOf(certificate), ...restOf(certificate)].join(', ')
}

/** "Complete" is said only when it is so, and never of a part as if it were the whole. */
export function verdictOf(certificate: Certificate): string {
  const { complete, total } = certificate
  const said = complete ? 'Complete' : 'Not complete'
  const of = isPartial(certificate) ? ' for the albums chosen' : ''
  const ofRaw = total.raw === 0 ? '' : ` and ${count(total.rawSame)} of ${counted(total.raw, 'RAW file')}`
  return `${said}${of}: ${count(total.same - total.rawSame)} of ${count(total.listed - total.raw)}${ofRaw}`
}

/** What the two numbers of the verdict leave out: `1 missing`. */
export function restOf({ total }: Certificate): string[] {
  const kinds = ['missing', 'different', 'made', 'unreadable', 'unproven', 'unlisted', 'accepted', 'waived'] as const
  return kinds.filter((kind) => total[kind] > 0).map((kind) => `${count(total[kind])} ${shortly[kind]}`)
}

/** Whether albums were left out of the check. */
function isPartial({ choice }: Certificate): boolean {
  return choice.albums.length + choice.exclude.length > 0
}

/** What a verdict says of an item, after a number. */
export const shortly = {
  same: 'at home',
  missing: 'missing',
  different: 'different',
  made: 'made by an exporter',
  unreadable: 'unreadable at home',
  unproven: 'that nobody can look at',
  unlisted: 'unchecked',
  accepted: 'left out on purpose',
  waived: 'unchecked on purpose',
  gone: 'at home only',
} as const satisfies Record<VerdictKind, string>

/** What the numbers mean, a sentence each. */
export function sentences(certificate: Certificate): string[] {
  const { total, notices } = certificate
  return [
    announcement(certificate),
    ...(total.same === 0 ? [] : [comparison(total), ...verification(certificate)]),
    ...kinds(total),
    ...written(certificate),
    ...several(total),
    ...when(
      total.made,
      `Of ${pictures(total.made)} home has only a file that an exporter made of it. Its bytes are not SmugMug's, so it proves nothing of the original.`,
    ),
    ...when(
      total.unproven,
      `${counted(total.unproven, 'picture or video is', 'pictures and videos are')} said to be kept where nobody can look. That proves nothing.`,
    ),
    ...when(
      total.gone,
      `${counted(total.gone, 'picture or video is', 'pictures and videos are')} at home and no longer on SmugMug; kept.`,
    ),
    ...leftOut(certificate),
    ...notices,
  ]
}

function announcement(certificate: Certificate): string {
  const { total, announced, hidden } = certificate
  const listed = total.listed - total.raw
  const lists = `SmugMug lists ${pictures(listed)} in ${albumsOfKinds(total.albums, hidden)}`
  const ofAccount = isPartial(certificate) ? undefined : announced
  if (total.announced === listed && (ofAccount ?? listed) === listed) return `${lists}, as many as it announces.`
  const account =
    ofAccount === undefined || ofAccount === total.announced
      ? ''
      : ` for these albums and ${count(ofAccount)} for the account, where each counts once`
  return `${lists}. It announces ${count(total.announced)}${account}; such numbers are known to drift, so each list was read to its end.`
}

/** Only an MD5 proves bytes; of the rest it is said what agrees. */
function comparison({ same, rawSame, elsewhere, bytes: size, bySize, byVersion }: Sums): string {
  const here =
    elsewhere === 0
      ? ''
      : `; of them ${count(elsewhere)} not in this folder, but where an exporter keeps and found them`
  const files =
    rawSame === 0
      ? counted(same, 'picture or video is', 'pictures and videos are')
      : `${pictures(same - rawSame)} and ${counted(rawSame, 'RAW file')} are`
  const atHome = `${files} at home (${bytes(size)}${here})`
  if (bySize + byVersion === 0) return `${atHome} with the bytes that SmugMug has, compared by MD5.`
  const byMd5 = same - bySize - byVersion
  const compared = [
    ...when(byMd5, `${count(byMd5)} compared by MD5`),
    ...when(bySize, `of ${count(bySize)} SmugMug gives no MD5, only size and version agree`),
    ...when(byVersion, `of ${count(byVersion)} SmugMug gives neither MD5 nor size, only the version agrees`),
  ]
  return `${atHome}: ${compared.join('; ')}.`
}

function verification({ total: { verified }, depth, startedAt }: Certificate): string[] {
  if (verified === undefined) return []
  const [from, to] = [dateOf(verified.from), dateOf(verified.to)]
  const dates = from === to ? `on ${from}` : `between ${from} and ${to}`
  const now =
    depth === 'full'
      ? 'what could be read was read again'
      : 'its size and date were looked at (smugdl check --read reads all again)'
  return [
    verified.from >= startedAt
      ? 'Every byte of them was read for this certificate.'
      : `Every file was read and compared ${dates}; for this certificate ${now}.`,
  ]
}

function kinds({ transcodes, renditions }: Sums): string[] {
  return [
    ...when(
      transcodes,
      `${counted(transcodes, 'of them is a video', 'of them are videos')} in SmugMug's own conversion, because it gives back no original.`,
    ),
    ...when(
      renditions,
      `${counted(renditions, 'of them is a smaller copy', 'of them are smaller copies')}, because SmugMug gives this login no original.`,
    ),
  ]
}

/** With several exporters one copy is enough; how many each has is reported. */
function several({ exporters, same }: Sums): string[] {
  const names = Object.entries(exporters)
  if (names.length < 2) return []
  const each = names.map(([name, has]) => `${name} has ${has === same ? 'all' : count(has)}`)
  return [`One copy of each is enough: ${each.join(', ')}.`]
}

function leftOut({ choice, excluded }: Certificate): string[] {
  const flags = [
    ...choice.albums.map((glob) => `--album ${glob}`),
    ...choice.exclude.map((glob) => `--exclude ${glob}`),
  ]
  if (flags.length === 0) return []
  return [`${counted(excluded, 'album was', 'albums were')} left out of this check (${flags.join(', ')}).`]
}

/** Whether what somebody wrote on SmugMug is home: of the pictures that are, whose words come with them; then of albums and folders. */
function written({ beside, total }: Certificate): string[] {
  const { words, sidecars, places, described } = beside
  if (total.listed === 0) return []
  const none =
    words + beside.accepted === 0 ? ['No picture or video at home has a title, a caption or keywords on SmugMug.'] : []
  return [
    ...none,
    ...when(
      sidecars,
      `Titles, captions and keywords are home: ${ofThem(sidecars, words)} at home with any on SmugMug ${sidecars === 1 ? 'has' : 'have'} them in a small file beside the picture (.xmp), as its own bytes stay as they were uploaded.`,
    ),
    ...when(
      places.sidecars,
      `The places on the map of ${ofThem(places.sidecars, places.known)} are in such files, too.`,
    ),
    ...when(
      described.atHome,
      `Albums and folders with a description or keywords: ${count(described.atHome)} of ${count(described.words)} have it at home, in album.json and folder.json.`,
    ),
  ]
}

function ofThem(some: number, all: number): string {
  return `${count(some)} of ${pictures(all)}`
}

/** What is on SmugMug and in no number of the certificate, a sentence each; the last ones name the videos. */
export function notCovered({ beside, total }: Certificate): { said: string[]; conversions: string[]; more: number } {
  const { words, sidecars, yours, accepted, described, describers, raw, conversions } = beside
  const wrote = describers.length > 0
  const without = words - sidecars - yours
  const images = pictures(without)
  const undescribed = described.words - described.atHome - described.yours
  const albums = (number: number) => counted(number, 'album or folder', 'albums and folders')
  return {
    said: [
      ...when(
        yours,
        `Beside ${pictures(yours)} with a title, a caption or keywords lies a sidecar that you wrote or changed, which stays as it is. What SmugMug has is in smugdl's catalog; a run with --set folder.sidecar=xmp+json writes it beside the picture, too.`,
      ),
      ...when(
        without,
        wrote
          ? `Titles, captions and keywords of ${images} as SmugMug has them are in no sidecar, but in what ${describers.join(' and ')} wrote.`
          : `Titles, captions and keywords of ${images} as SmugMug has them are only in smugdl's catalog: a run with -e folder writes them beside the pictures, without a download.`,
      ),
      ...when(
        accepted,
        `Titles, captions and keywords of ${pictures(accepted)} left out on purpose: with no file at home they have no sidecar. They are in ${wrote ? `what ${describers.join(' and ')} wrote` : "smugdl's catalog, and -e manifest writes them into a list"}.`,
      ),
      ...when(
        described.yours,
        `The album.json or folder.json of ${albums(described.yours)} is yours, which stays as it is. What SmugMug has is in smugdl's catalog.`,
      ),
      ...when(
        undescribed,
        wrote
          ? `Descriptions and keywords of ${albums(undescribed)} are in no album.json or folder.json, but in what ${describers.join(' and ')} wrote.`
          : `Descriptions and keywords of ${albums(undescribed)} are only in smugdl's catalog: a run with -e folder writes them into album.json and folder.json, one with -e manifest into a list, both without a download.`,
      ),
      ...when(
        raw.notGiven,
        `RAW files of ${counted(raw.notGiven, 'picture')}: SmugMug keeps them, and does not give them to this key. Download them on the web site.`,
      ),
      ...when(raw.leftOut, `RAW files of ${counted(raw.leftOut, 'picture')}, left out on purpose (--raw never).`),
      ...when(
        total.renditions,
        `The originals of ${counted(total.renditions, 'smaller copy', 'smaller copies')}: SmugMug does not give them to this login.`,
      ),
      'Comments, people marked in pictures, folders and pages without pictures, rules of smart galleries, passwords, what the home page says, and how the site looks.',
      ...when(
        total.transcodes,
        `The uploads of ${counted(total.transcodes, 'video')}: SmugMug gives back its own conversion only. Keep your own originals of these:`,
      ),
    ],
    conversions,
    more: total.transcodes - conversions.length,
  }
}

/** What there is to do about what is open, by verdict. */
export const remedies: Partial<Record<VerdictKind, string>> = {
  missing:
    'Run smugdl again. What SmugMug never gives, smugdl accept KEY --reason TEXT leaves out on purpose (smugdl runs show names the keys).',
  different:
    'What is damaged, smugdl verify --repair fetches again. Where you changed a file, run smugdl again, with --restore-originals if you keep it: it brings the version that SmugMug has, beside yours.',
  made: 'Run smugdl with -e folder too: it brings the pictures themselves.',
  unreadable: 'Check the disk and the permissions of these files, then run the check again.',
  unproven: 'Name the plugin that has them with --plugin-dir, or run smugdl with -e folder too.',
  unlisted: 'Check again later; smugdl whoami says what the login may see.',
}
