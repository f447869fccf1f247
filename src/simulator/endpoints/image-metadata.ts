import type { Image } from '../world.ts'

/** All texts, empty where nothing is known; the camera's own time (smugmug-api 4.8). */
export function metadataFields(image: Image): Record<string, unknown> {
  const texts = Object.fromEntries(METADATA_TEXTS.map((name) => [name, '']))
  return {
    ...texts,
    Title: image.title,
    Caption: image.caption,
    Keywords: image.keywords.join('; '),
    DateTimeCreated: image.capturedAt ?? '',
    DateTimeModified: image.capturedAt ?? '',
    Make: image.isVideo ? '' : 'Lumen',
    Model: image.isVideo ? '' : 'Lumen One',
    ISO: 100,
    Latitude: image.gps?.latitude ?? 0,
    Longitude: image.gps?.longitude ?? 0,
    Altitude: image.gps ? `${image.gps.altitude} m Above Sea Level` : '',
    Rating: '',
  }
}

const METADATA_TEXTS =
  'UserComment Author Copyright City State Country Category Headline Lens Aperture Exposure FocalLength Flash Software SerialNumber'.split(
    ' ',
  )
