import type { Api } from '../api.ts'
import { listed } from './complete-list.ts'
import { type Fields, flag, instant, number, readRecord, readValue, someText, text, textList, uris } from './fields.ts'
import { albumKey, endOf, nodeId } from './keys.ts'
import { smallWithoutSecrets } from './without-secrets.ts'

/** A folder, album or page in the tree (smugmug-api 4.5). */
export type Node = ReturnType<typeof nodeOf>

/**
 * The direct children of a folder, each once, in SmugMug's order. The folder is named by its NodeID or by the path of
 * its children (`User.nodeUri`, `Node.childrenUri`). Throws `ListingIncomplete` as `imagesOf` does.
 */
export async function* childrenOf(api: Api, folder: string): AsyncGenerator<Node> {
  yield* listed(api, childrenUri(folder), { count: 100, trim: nodeTrim }, nodeOf, (node) => node.id)
}

export const nodeTrim = {
  _filter: [
    'NodeID,Type,Name,UrlName,UrlPath,WebUri,Description,Keywords,HasChildren,IsRoot,SortIndex,SortMethod,SortDirection',
    'DateAdded,DateModified,Privacy,EffectivePrivacy,SecurityType,EffectiveSecurityType,HighlightImageUri,ResponseLevel,Uri,Uris',
  ].join(),
  _filteruri: 'Album,ChildNodes',
}

export const NodeRecord = {
  NodeID: nodeId,
  Type: text,
  Name: text,
  UrlName: text,
  UrlPath: text,
  WebUri: text,
  Description: text,
  Keywords: textList,
  HasChildren: flag,
  SortIndex: number,
  DateAdded: instant,
  DateModified: instant,
  Privacy: someText,
  EffectivePrivacy: someText,
  SecurityType: someText,
  Uris: uris,
} satisfies Fields

export function nodeOf(record: unknown, address: string) {
  const node = readRecord(NodeRecord, record, address)
  const albumUri = node.Uris.Album
  return {
    id: node.NodeID,
    /** `Folder`, `Album`, `Page`, `System Album`, `System Page`; others may come. */
    type: node.Type,
    name: node.Name,
    urlName: node.UrlName,
    urlPath: node.UrlPath,
    webUri: node.WebUri,
    description: node.Description,
    keywords: node.Keywords,
    /** False on albums, also on full ones. */
    hasChildren: node.HasChildren,
    sortIndex: node.SortIndex,
    addedAt: node.DateAdded,
    updatedAt: node.DateModified,
    privacy: node.EffectivePrivacy ?? node.Privacy,
    security: node.SecurityType,
    /** Of albums only. */
    albumKey: albumUri === undefined ? undefined : readValue(albumKey, endOf(albumUri), address),
    childrenUri: node.Uris.ChildNodes ?? childrenUri(node.NodeID),
    raw: smallWithoutSecrets(record, address),
  }
}

function childrenUri(folder: string): string {
  if (!folder.startsWith('/')) return `/api/v2/node/${folder}!children`
  return folder.includes('!') ? folder : `${folder}!children`
}
