import { describe, expect, it } from 'vitest'
import { didYouMean, nearest } from '../../src/nearest.ts'

describe('nearest()', () => {
  const names = ['download', 'login', 'logout', 'albums', 'demo']

  it.each([
    ['downlaod', 'download'],
    ['dwnload', 'download'],
    ['Albums', 'albums'],
    ['album', 'albums'],
    ['down', 'download'],
    ['logni', 'login'],
    ['logot', 'logout'],
    ['dmo', 'demo'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, names)).toBe(meant)
  })

  it.each(['verify', 'x', '', 'zzzzzzzz'])('finds nothing near "%s"', (word) => {
    expect(nearest(word, names)).toBeUndefined()
    expect(didYouMean(word, names)).toBe('')
  })
})
