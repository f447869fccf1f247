import { albumEndpoints } from './endpoints/albums.ts'
import { folderEndpoints } from './endpoints/folders.ts'
import { imageEndpoints } from './endpoints/images.ts'
import { nodeEndpoints } from './endpoints/nodes.ts'
import { userEndpoints } from './endpoints/users.ts'
import type { Endpoint } from './resource.ts'

/** The endpoint that a path below `/api/v2` means, and the keys in it. Undefined if there is none. */
export function endpointAt(path: string): { endpoint: Endpoint; ids: string[] } | undefined {
  const rest = decoded(path.slice('/api/v2'.length))
  const bang = rest.lastIndexOf('!')
  const action = bang < 0 ? '' : rest.slice(bang)
  const [, ...segments] = (bang < 0 ? rest : rest.slice(0, bang)).split('/')
  const { name, ids } = taken(segments)
  const endpoint = ENDPOINTS.get(name + action)
  return endpoint && { endpoint, ids }
}

const ENDPOINTS = new Map<string, Endpoint>(
  Object.entries({ ...userEndpoints, ...nodeEndpoints, ...folderEndpoints, ...albumEndpoints, ...imageEndpoints }),
)

function taken(segments: readonly string[]): { name: string; ids: string[] } {
  const [first = '', second = '', ...rest] = segments
  if (NAMED_BY_TWO.has(first)) return { name: `${first}/${second}`, ids: rest }
  if (first === 'album' && rest[0] === 'image') return { name: 'album/image', ids: [second, rest[1] ?? ''] }
  return { name: rest.length > 0 ? '' : first, ids: second.split(',') }
}

const NAMED_BY_TWO = new Set(['folder', 'highlight', 'library'])

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
