import type { Album, Image } from '../types.ts'
import type { KeywordChoice } from './keywords.ts'
import { noDigest, withDigest } from './own-digest.ts'
import { withoutForbidden } from './plain-text.ts'
import { wordsOf } from './words.ts'

export interface XmpOptions {
  /** `override` also writes the names of keywords that outrank those inside the file in Immich, digiKam and darktable. */
  keywords: KeywordChoice | 'override'
  /** What `sidecarDate` says. */
  date: string | undefined
}

/**
 * The XMP sidecar of a picture, or undefined where SmugMug knows nothing that its file does not: no title, caption, keyword, place or date, and
 * not hidden. In the forms that Immich, digiKam, darktable and PhotoPrism read: elements, one rdf:Description, properties by name
 * (XMP specification part 1, 7.4 to 7.9; part 2 for the properties). The same input gives the same bytes.
 */
export function xmpOf(image: Image, album: Album, { keywords: choice, date }: XmpOptions): string | undefined {
  const { title, caption, keywords } = wordsOf(image, choice === 'override' ? 'all' : choice)
  const place = placeOf(image)
  const says =
    title !== '' || caption !== '' || keywords.length > 0 || place.length > 0 || image.hidden || date !== undefined
  if (!says) return undefined
  const overrides = choice === 'override' && keywords.length > 0
  const described = caption || title // Immich shows no titles, and reads this before dc:description.
  const properties: readonly Property[] = [
    ['dc:title', alternatives(title)],
    ['dc:description', alternatives(caption)],
    ['dc:subject', list('Bag', keywords)],
    ['dc:source', escaped(image.webUri ?? '')],
    ...(overrides ? [['digiKam:TagsList', list('Seq', keywords)] as const] : []),
    ['exif:DateTimeOriginal', date ?? ''],
    ...place,
    ...(overrides ? [['lr:hierarchicalSubject', list('Bag', keywords)] as const] : []),
    ['photoshop:DateCreated', date ?? ''],
    ['smugmug:ImageKey', escaped(image.key)],
    ['smugmug:Hidden', image.hidden ? 'True' : ''],
    ['smugmug:Album', escaped([...album.path, album.name].join('/'))],
    ['smugmug:AlbumKey', escaped(album.key)],
    ['smugmug:Digest', noDigest],
    ['tiff:ImageDescription', alternatives(described)],
  ]
  return withDigest(packet(properties.filter(([, value]) => value !== '')))
}

/** Name with its prefix, and the value as XML. */
type Property = readonly [name: string, xml: string]

const namespaces: Readonly<Record<string, string>> = {
  dc: 'http://purl.org/dc/elements/1.1/',
  digiKam: 'http://www.digikam.org/ns/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  lr: 'http://ns.adobe.com/lightroom/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  smugmug: 'https://github.com/smugdl/smugdl/ns/smugmug/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
}

/** The toolkit's name has no version: an update of smugdl must not rewrite every sidecar. */
function packet(properties: readonly Property[]): string {
  const used = new Set(properties.map(([name]) => name.slice(0, name.indexOf(':'))))
  const declared = Object.entries(namespaces).filter(([prefix]) => used.has(prefix))
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="smugdl">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
${declared.map(([prefix, uri]) => `    xmlns:${prefix}="${uri}"`).join('\n')}>
${properties.map(([name, xml]) => `   <${name}>${xml}</${name}>`).join('\n')}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`
}

function alternatives(text: string): string {
  return text === '' ? '' : `<rdf:Alt><rdf:li xml:lang="x-default">${escaped(text)}</rdf:li></rdf:Alt>`
}

function list(kind: 'Bag' | 'Seq', texts: readonly string[]): string {
  if (texts.length === 0) return ''
  return `<rdf:${kind}>${texts.map((text) => `<rdf:li>${escaped(text)}</rdf:li>`).join('')}</rdf:${kind}>`
}

/** Latitude and longitude together or not at all; 0 metres is SmugMug's "unknown". */
function placeOf({ latitude, longitude, altitude = 0 }: Image): Property[] {
  if (latitude === undefined || longitude === undefined) return []
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return []
  return [
    ...(Number.isFinite(altitude) && altitude !== 0
      ? ([
          ['exif:GPSAltitude', `${Math.round(Math.abs(altitude) * 100)}/100`],
          ['exif:GPSAltitudeRef', altitude < 0 ? '1' : '0'],
        ] as const)
      : []),
    ['exif:GPSLatitude', angle(latitude, 'N', 'S')],
    ['exif:GPSLongitude', angle(longitude, 'E', 'W')],
    ['exif:GPSVersionID', '2.3.0.0'],
  ]
}

/** `33,51.409480S`: degrees, and minutes to two millimetres; the sign is the letter. */
function angle(degrees: number, positive: string, negative: string): string {
  const millionths = Math.round(Math.abs(degrees) * 60e6)
  const minutes = millionths % 60e6
  return `${(millionths - minutes) / 60e6},${(minutes / 1e6).toFixed(6)}${degrees < 0 ? negative : positive}`
}

/** As text of an element or an attribute: line breaks are LF, and what XML 1.0 has no place for (section 2.2) is left out. */
function escaped(text: string): string {
  return withoutForbidden(text)
    .replace(/\r\n?/g, '\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
