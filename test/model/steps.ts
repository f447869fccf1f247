import fc from 'fast-check'
import type { Fault, JsonAnswer } from '../../src/simulator/faults.ts'

/**
 * What happens to an account and its home, as data, so that a history can be printed, shrunk and replayed. Numbers choose among what is
 * there at that moment, modulo its count; a step that finds nothing to choose does nothing.
 */
export type Step = AccountStep | PersonStep | RunStep | { do: 'wait'; days: number } | { do: 'prove' }

/** On SmugMug. */
export type AccountStep =
  | { do: 'add image'; album: number; name: number; kind: ImageKind }
  | { do: 'add twin'; image: number; album: number; name: number }
  | { do: 'remove image'; image: number; fromAll: boolean }
  | { do: 'replace image'; image: number; byTwinOf?: number }
  | { do: 'edit image'; image: number; what: 'caption' | 'name' | 'capture time'; to: number }
  | { do: 'move image'; image: number; album: number }
  | { do: 'collect image'; image: number; album: number }
  | { do: 'finish processing'; image: number }
  | { do: 'rearrange'; album: number }
  | { do: 'lock or unlock'; album: number }
  | { do: 'add album'; folder: number; name: number }
  | { do: 'add folder'; folder: number; name: number }
  | { do: 'rename node'; node: number; name: number; keepUrl: boolean }
  | { do: 'move node'; node: number; folder: number }
  | { do: 'remove node'; node: number }

export type ImageKind =
  | 'photo'
  | 'photo without MD5'
  | 'photo by a lesser right'
  | 'photo refused'
  | 'video'
  | 'video in the works'

export type ExporterName = 'folder' | 'zip'

export function isExporter(name: string): name is ExporterName {
  return name === 'folder' || name === 'zip'
}

/** At home, with any file there, whoever made it. */
export type PersonStep =
  | { do: 'delete file'; file: number }
  | { do: 'change file'; file: number }
  | { do: 'touch file'; file: number }
  | { do: 'rename file'; file: number }
  | { do: 'move file'; file: number; place: number }
  | { do: 'move folder of file'; file: number; name: number }
  | { do: 'copy home' }
  | { do: 'replace file by a folder'; file: number }
  | { do: 'delete folder of file'; file: number }
  | { do: 'write file'; place: number }
  | { do: 'copy file'; file: number; place: number }

export interface RunStep {
  do: 'run'
  exporters: readonly ExporterName[]
  full: boolean
  dryRun: boolean
  /** The albums of this name only (`onlyName`). */
  only?: number
  layout: 'names' | 'urlpath'
  mtime: 'captured' | 'uploaded' | 'none'
  duplicates: 'copy' | 'hardlink'
  concurrency: number
  fault?: { after: number; on: 'api' | 'media'; times: number; what: FaultName }
  /** After so many events of the engine: what is under way may end, or all stops at once. */
  stop?: { after: number; how: 'draining' | 'at once' }
}

type FaultName = keyof typeof faults

/** A list that is well-formed and empty; other answers stay as they are. */
function emptied({ Response, ...answer }: JsonAnswer): unknown {
  const { Locator, Pages } = Response
  return {
    ...answer,
    Response: Pages === undefined ? Response : { Locator, Pages: { ...Object(Pages), Total: 0, NextPage: undefined } },
  }
}

/** What only the API can say. */
const lies = {
  'no list': { kind: 'status', status: 200, body: '{"Code":200,"Message":"Ok"}' },
  'an empty list': { kind: 'edited', edit: emptied },
  nonce_used: { kind: 'status', status: 401, body: '{"Code":401,"Message":"oauth_problem=nonce_used"}' },
} as const satisfies Record<string, Fault>

/** Those that cost no real time. */
export const faults = {
  ...lies,
  'server error': { kind: 'status', status: 503 },
  'not found': { kind: 'status', status: 404 },
  reset: { kind: 'reset' },
  throttled: { kind: 'tooManyRequests', retryAfterSeconds: 1 },
} as const satisfies Record<string, Fault>

/** What albums and folders may be called: some clash, on some systems or on all. */
export const nodeNames = ['Rome', 'rome', 'Travel', 'Bath']
/** What was uploaded: likewise. */
export const fileNames = ['a.jpg', 'A.JPG', 'b.jpg', 'a [x].jpg']

const any = fc.nat({ max: 11 })
const name = fc.nat({ max: nodeNames.length - 1 })

function step<const Name extends string, T extends object>(name: Name, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<{ do: Name } & T>
}

const accountStep: fc.Arbitrary<AccountStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: step('add image', {
      album: any,
      name,
      kind: fc.constantFrom<ImageKind[]>(
        'photo',
        'photo',
        'photo without MD5',
        'photo by a lesser right',
        'photo refused',
        'video',
        'video in the works',
      ),
    }),
  },
  { weight: 2, arbitrary: step('add twin', { image: any, album: any, name }) },
  { weight: 2, arbitrary: step('remove image', { image: any, fromAll: fc.boolean() }) },
  { weight: 3, arbitrary: step('replace image', { image: any }) },
  { weight: 1, arbitrary: step('replace image', { image: any, byTwinOf: any }) },
  {
    weight: 2,
    arbitrary: step('edit image', {
      image: any,
      what: fc.constantFrom<('caption' | 'name' | 'capture time')[]>('caption', 'name', 'capture time'),
      to: name,
    }),
  },
  { weight: 2, arbitrary: step('move image', { image: any, album: any }) },
  { weight: 2, arbitrary: step('collect image', { image: any, album: any }) },
  { weight: 1, arbitrary: step('finish processing', { image: any }) },
  { weight: 1, arbitrary: step('rearrange', { album: any }) },
  { weight: 1, arbitrary: step('lock or unlock', { album: any }) },
  { weight: 2, arbitrary: step('add album', { folder: any, name }) },
  { weight: 1, arbitrary: step('add folder', { folder: any, name }) },
  { weight: 3, arbitrary: step('rename node', { node: any, name, keepUrl: fc.boolean() }) },
  { weight: 2, arbitrary: step('move node', { node: any, folder: any }) },
  { weight: 1, arbitrary: step('remove node', { node: any }) },
)

const personStep: fc.Arbitrary<PersonStep> = fc.oneof(
  { weight: 3, arbitrary: step('delete file', { file: any }) },
  { weight: 3, arbitrary: step('change file', { file: any }) },
  { weight: 2, arbitrary: step('touch file', { file: any }) },
  { weight: 2, arbitrary: step('rename file', { file: any }) },
  { weight: 2, arbitrary: step('move file', { file: any, place: fc.nat({ max: 60 }) }) },
  { weight: 1, arbitrary: step('move folder of file', { file: any, name }) },
  { weight: 1, arbitrary: fc.constant({ do: 'copy home' as const }) },
  { weight: 1, arbitrary: step('replace file by a folder', { file: any }) },
  { weight: 1, arbitrary: step('delete folder of file', { file: any }) },
  { weight: 3, arbitrary: step('write file', { place: fc.nat({ max: 60 }) }) },
  { weight: 2, arbitrary: step('copy file', { file: any, place: fc.nat({ max: 60 }) }) },
)

const sometimes = <T>(arbitrary: fc.Arbitrary<T>, freq = 4) => fc.option(arbitrary, { nil: undefined, freq })

const runStep = fc
  .record({
    exporters: fc.constantFrom<(readonly ExporterName[])[]>(['folder'], ['folder'], ['folder', 'zip'], ['zip']),
    full: fc.boolean(),
    dryRun: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
    only: sometimes(name),
    layout: fc.constantFrom<('names' | 'urlpath')[]>('names', 'names', 'names', 'urlpath'),
    mtime: fc.constantFrom<('captured' | 'uploaded' | 'none')[]>('captured', 'captured', 'uploaded', 'none'),
    duplicates: fc.constantFrom<('copy' | 'hardlink')[]>('copy', 'copy', 'copy', 'hardlink'),
    concurrency: fc.constantFrom(1, 4),
    fault: sometimes(
      fc
        .record({
          after: fc.nat({ max: 8 }),
          on: fc.constantFrom<('api' | 'media')[]>('api', 'media'),
          times: fc.constantFrom(1, 3, 1000),
          what: fc.constantFrom(...(Object.keys(faults) as FaultName[])),
        })
        .map((fault) => (fault.what in lies ? { ...fault, on: 'api' as const } : fault)),
    ),
    stop: sometimes(
      fc.record({
        after: fc.nat({ max: 40 }),
        how: fc.constantFrom<('draining' | 'at once')[]>('draining', 'at once'),
      }),
    ),
  })
  .map((run) => {
    const { only, fault, stop, ...rest } = run
    return {
      do: 'run' as const,
      ...rest,
      ...(only !== undefined && { only }),
      ...(fault !== undefined && { fault }),
      ...(stop !== undefined && { stop }),
    }
  })

/** A history: the first run may come at any time, and more than one thing may happen between two runs. */
export const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: accountStep },
    { weight: 3, arbitrary: personStep },
    { weight: 6, arbitrary: runStep },
    { weight: 1, arbitrary: step('wait', { days: fc.constantFrom(1, 20, 45) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'prove' as const }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 14, size: 'max' },
)

/** Whatever its case. */
export function onlyName(only: number): string {
  return ['rome', 'travel', 'bath'][only % 3] ?? ''
}
