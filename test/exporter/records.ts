import type { Album, Image } from '../../src/exporter/types.ts'

/** An album as exporters are told of it. */
export function albumWith(facts: Partial<Album> = {}): Album {
  return {
    key: 'AbC123',
    name: 'Tokyo',
    description: '',
    urlPath: '/Travel/Tokyo-Trip',
    folders: [],
    path: ['Travel'],
    directory: ['Travel', 'Tokyo'],
    raw: {},
    ...facts,
  }
}

/** A picture as exporters are told of it. */
export function imageWith(facts: Partial<Image> = {}): Image {
  return {
    key: 'kQ3v9Zt',
    component: '',
    serial: 0,
    fileName: 'IMG_1.JPG',
    name: 'IMG_1.JPG',
    position: 0,
    isVideo: false,
    format: 'JPG',
    title: '',
    caption: '',
    keywords: [],
    hidden: false,
    raw: {},
    ...facts,
  }
}
