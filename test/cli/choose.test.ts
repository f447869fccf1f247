import { describe, expect, it } from 'vitest'
import { chooseAlbums, numbersIn, requireTerminal } from '../../src/cli/choose.ts'
import { testIo } from './world.ts'

describe('numbersIn()', () => {
  it.each([
    ['1', [1]],
    ['1,3-5', [1, 3, 4, 5]],
    [' 5-3 , 1 ', [1, 3, 4, 5]],
    ['2 2 1-3', [1, 2, 3]],
  ])('understands "%s"', (answer, numbers) => {
    expect(numbersIn(answer, 6)).toEqual(numbers)
  })

  it.each([
    ['', 'Please enter numbers'],
    [',', 'Please enter numbers'],
    ['0', 'from 1 to 6'],
    ['7', 'from 1 to 6'],
    ['1-999999999', 'from 1 to 6'],
    ['one', 'one is neither'],
    ['1-2-3', '1-2-3 is neither'],
    ['-1', '-1 is neither'],
    ['9999999999', 'is neither'],
  ])('says what is wrong with "%s"', (answer, sentence) => {
    expect(numbersIn(answer, 6)).toContain(sentence)
  })
})

describe('chooseAlbums()', () => {
  it('lists the albums, asks again after a wrong answer, and gives paths', async () => {
    const io = testIo({ input: '7\n2,1\n' })
    const chosen = await chooseAlbums(['Travel/Rome', 'Travel/[x]', 'Zoo\u001b[31m'], io)
    expect(chosen).toEqual(['Travel/Rome', 'Travel/[x]'])
    expect(io.err()).toContain('  1  Travel/Rome\n  2  Travel/[x]\n  3  Zoo')
    expect(io.err()).toContain('Please choose from 1 to 3')
    expect(io.err().slice(0, 60)).not.toContain('\u001b')
    expect(io.out()).toBe('')
  })

  it('narrows the list by letters of a path, and keeps the numbers', async () => {
    const io = testIo({ input: 'rome\n3\n' })
    expect(await chooseAlbums(['Garden', 'Travel/Oslo', 'Travel/Rome'], io)).toEqual(['Travel/Rome'])
    expect(io.err().split('  3  Travel/Rome\n')).toHaveLength(3)
    expect(io.err().split('  1  Garden\n')).toHaveLength(2)
  })

  it('means by "all" what it listed last', async () => {
    const paths = ['Garden', 'Travel/Oslo', 'Travel/Rome']
    expect(await chooseAlbums(paths, testIo({ input: ' ALL\n' }))).toEqual(paths)
    const io = testIo({ input: 'travel\nall\n' })
    expect(await chooseAlbums(paths, io)).toEqual(['Travel/Oslo', 'Travel/Rome'])
  })

  it('counts an end of input as a cancellation', async () => {
    await expect(chooseAlbums(['a'], testIo({ input: '' }))).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

describe('requireTerminal()', () => {
  it('refuses to ask where nobody sits', () => {
    expect(() => requireTerminal(testIo())).toThrow('--choose asks on a terminal')
    expect(() => requireTerminal(testIo({ tty: true }))).not.toThrow()
  })
})
