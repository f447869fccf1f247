import { escapeHtml } from '../answer.ts'
import { type Call, dateText, type Endpoint, type Entity, type Found, listOf, NOT_FOUND } from '../resource.ts'
import { effectivePrivacy, type Node, urlPathOf } from '../world.ts'
import { userUri } from './addresses.ts'
import { imageEntity } from './image-entity.ts'
import { isListed, isLocked, isReachable } from './visibility.ts'

/** The folder tree (smugmug-api 4.1, 4.5). */
export const nodeEndpoints: Record<string, Endpoint> = {
  node: {
    doc: 'node',
    locator: 'Node',
    type: 'Node',
    about: 'Node with the given id.',
    find(call) {
      const nodes = call.ids.map((id) => call.world.nodes.get(id)).filter((node) => node !== undefined)
      const entities = nodes.filter((node) => isReachable(node, call.viewer)).map((node) => nodeEntity(node, call))
      const [one] = entities
      if (!one) return NOT_FOUND
      return call.ids.length > 1 ? { many: entities } : { one }
    },
  },
  'node!children': {
    locator: 'Node',
    type: 'ChildNodes',
    about: 'Child nodes of the given node.',
    pageSize: 10,
    parameters: ['Type', 'SortMethod', 'SortDirection'],
    find: (call) =>
      withNode(call, (node) =>
        node.type === 'Folder' ? nodeList(childrenAsked(node.children, call), call) : NOT_FOUND,
      ),
  },
  'node!parents': {
    locator: 'Node',
    type: 'ParentNodes',
    about: 'Hierarchy of nodes from the given node (inclusive) to the root node.',
    pageSize: 7,
    find: (call) =>
      withNode(call, (node) => {
        const chain: Node[] = []
        for (let at: Node | undefined = node; at; at = at.parent) chain.push(at)
        return nodeList(chain, call)
      }),
  },
  'node!parent': {
    locator: 'Node',
    type: 'ParentNode',
    about: 'Parent node of the given node.',
    find: (call) => withNode(call, ({ parent }) => (parent ? { one: nodeEntity(parent, call) } : NOT_FOUND)),
  },
  'highlight/node': {
    locator: 'Image',
    type: 'HighlightImage',
    about: 'Highlight image for a folder, album, or page',
    find: (call) =>
      withNode(call, (node) => {
        const image =
          'images' in node && !isLocked(node, call.viewer) ? node.images.find(({ hidden }) => !hidden) : undefined
        return image ? { one: imageEntity(image, undefined, call) } : NOT_FOUND
      }),
  },
}

function withNode(call: Call, found: (node: Node) => Found): Found {
  const node = call.world.nodes.get(call.ids[0] ?? '')
  return node && isReachable(node, call.viewer) ? found(node) : NOT_FOUND
}

function nodeList(nodes: readonly Node[], call: Call): Found {
  return {
    list: listOf(
      nodes,
      (node) => node.id,
      (node) => nodeEntity(node, call),
    ),
  }
}

/** The children as `Type`, `SortMethod` and `SortDirection` ask for them. */
function childrenAsked(children: readonly Node[], { query, viewer }: Call): Node[] {
  const types: readonly string[] =
    (query.get('Type') ?? 'All').match(/System Album|System Page|Folder|Album|Page|All/g) ?? []
  const wanted = children.filter(
    (node) => isListed(node, viewer) && (types.includes('All') || types.includes(node.type)),
  )
  const by = SORTS[query.get('SortMethod') ?? 'Organizer']
  if (by) wanted.sort(by)
  return query.get('SortDirection') === 'Descending' ? wanted.reverse() : wanted
}

const SORTS: Record<string, (a: Node, b: Node) => number> = {
  Name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  DateAdded: (a, b) => a.addedAt - b.addedAt,
  DateModified: (a, b) => a.modifiedAt - b.modifiedAt,
}

function nodeEntity(node: Node, { world, viewer }: Call): Entity {
  const { nickName } = world.user
  const uri = `/api/v2/node/${node.id}`
  const urlPath = urlPathOf(node)
  const album = 'images' in node ? node : undefined
  const locked = album !== undefined && isLocked(album, viewer)
  const security = album?.password || album?.locked ? 'Password' : 'None'
  const fields: Record<string, unknown> = {
    NodeID: node.id,
    Type: node.type,
    Name: node.name,
    Description: node.description,
    Keywords: [],
    UrlName: node.urlName,
    UrlPath: urlPath === '' ? '/' : urlPath,
    WebUri: `https://${nickName}.smugmug.com${urlPath}`,
    DateAdded: dateText(node.addedAt),
    DateModified: dateText(node.modifiedAt),
    HasChildren: node.type === 'Folder' && node.children.some((child) => isListed(child, viewer)),
    IsRoot: node.parent === undefined,
    SortMethod: 'SortIndex',
    SortDirection: 'Ascending',
    SecurityType: security,
    EffectiveSecurityType: security,
    ShowCoverImage: false,
    PasswordHint: '',
    FormattedValues: {
      Name: { html: escapeHtml(node.name) },
      Description: { html: escapeHtml(node.description), text: node.description },
    },
    ResponseLevel: locked ? 'Password' : viewer.isOwner ? 'Full' : 'Public',
  }
  if (node.parent) fields.SortIndex = node.parent.children.indexOf(node)
  if (viewer.isOwner)
    Object.assign(fields, {
      Privacy: node.privacy,
      EffectivePrivacy: effectivePrivacy(node),
      HideOwner: false,
      ...(node.cover && { HighlightImageUri: `/api/v2/image/${node.cover.key}-${node.cover.serial}` }),
    })
  const links: Record<string, string> = {}
  if (album) links.Album = `/api/v2/album/${album.key}`
  if (node.type === 'Folder') {
    links.FolderByID = `/api/v2/folder/id/${node.id}`
    links.ChildNodes = `${uri}!children`
  }
  if (node.parent) links.ParentNode = `${uri}!parent`
  Object.assign(links, {
    ParentNodes: `${uri}!parents`,
    HighlightImage: `/api/v2/highlight/node/${node.id}`,
    User: userUri(world),
  })
  return { uri, about: 'Node with the given id.', fields, links }
}
