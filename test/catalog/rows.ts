import type { AlbumRow } from '../../src/catalog/albums.ts'
import type { DeliveryRow } from '../../src/catalog/deliveries.ts'
import type { FailureRow } from '../../src/catalog/failures.ts'
import type { FolderRow } from '../../src/catalog/folders.ts'
import type { ListingRow } from '../../src/catalog/listings.ts'

export const album = (
  given: Partial<Omit<AlbumRow, 'goneAt' | 'listed' | 'short'>> = {},
): Omit<AlbumRow, 'goneAt' | 'listed' | 'short'> => ({
  key: 'album1',
  nodeId: 'node1',
  folder: 'folder1',
  name: 'Italien',
  urlPath: '/Reisen/Italien',
  directoryName: 'Italien',
  imageCount: 2,
  lastUpdated: '2026-01-02T03:04:05+00:00',
  imagesLastUpdated: '2026-01-02T03:04:06+00:00',
  raw: { Name: 'Italien', Date: null },
  ...given,
})

export const folder = (given: Partial<FolderRow> = {}): FolderRow => ({
  id: 'folder1',
  parent: undefined,
  name: 'Reisen',
  urlName: 'Reisen',
  urlPath: '/Reisen',
  directoryName: 'Reisen',
  raw: { Name: 'Reisen' },
  ...given,
})

export const listing = (
  given: Partial<Omit<ListingRow, 'name' | 'goneAt'>> = {},
): Omit<ListingRow, 'name' | 'goneAt'> => ({
  album: 'album1',
  image: 'image1',
  component: '',
  position: 0,
  serial: 0,
  wantedName: 'IMG_1.JPG',
  source: {
    kind: 'original',
    url: 'https://photos.example/i-image1/0/D.jpg',
    size: 10,
    md5: 'a'.repeat(32),
    ext: 'jpg',
  },
  record: { Caption: 'Am Meer', Keywords: ['Meer', 'Sand'], Latitude: 43.5 },
  ...given,
})

export const delivery = (given: Partial<DeliveryRow> = {}): DeliveryRow => ({
  exporter: 'folder',
  album: 'album1',
  image: 'image1',
  component: '',
  serial: 0,
  facts: { kind: 'original', size: 10, md5: 'a'.repeat(32), sha256: 'b'.repeat(64), contentType: 'image/jpeg' },
  described: 'digest',
  pending: false,
  delivery: { path: 'Reisen/Italien/IMG_1.JPG', mtime: 1000 },
  deliveredAt: 100,
  verifiedAt: 100,
  ...given,
})

export const failure = (given: Partial<FailureRow> = {}): FailureRow => ({
  album: 'album1',
  image: 'image1',
  component: '',
  exporter: 'folder',
  reason: 'SmugMug sent other bytes than it announces',
  next: 'Run "smugdl retry"',
  heals: true,
  attempts: 1,
  failedAt: 100,
  dueAt: 200,
  namedIn: 1,
  ...given,
})
