import { expect, test } from 'vitest'
import { keywordsOf } from '../../../src/exporter/describe/keywords.ts'
import { imageWith } from '../records.ts'

test('keywords are trimmed, each once, and none is split at its commas', () => {
  expect(keywordsOf(imageWith({ keywords: [' Paris, Texas', 'sea', 'sea ', ''] }), 'all')).toEqual([
    'Paris, Texas',
    'sea',
  ])
})

test('where there is no list of them, the one text is split at its semicolons', () => {
  const image = imageWith({ raw: { Keywords: 'Paris; "New York"; sea, calm' } })
  expect(keywordsOf(image, 'all')).toEqual(['Paris', 'New York', 'sea, calm'])
})

test('what SmugMug made of the file name is not counted as typed', () => {
  const image = imageWith({
    fileName: 'Forest_Fungi-0051.JPG',
    keywords: ['fungi', '0051', 'forest', 'mushroom', 'jpg'],
  })
  expect(keywordsOf(image, 'typed')).toEqual(['mushroom'])
  expect(keywordsOf(imageWith({ fileName: 'my sea.jpg', keywords: ['my', 'sea'] }), 'typed')).toEqual(['my'])
})
