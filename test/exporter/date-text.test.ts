import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { dateText } from '../../src/exporter/date-text.ts'

test('every code says what the date program of the system says, over years with 52 and 53 weeks', () => {
  const codes = ['%Y', '%y', '%m', '%d', '%H', '%M', '%S', '%j', '%B', '%b', '%A', '%a', '%V', '%G', '%%']
  const format = codes.join('|')
  const dates = [2004, 2005, 2008, 2009, 2010, 2015, 2016, 2020, 2021, 1999, 1969, 1904].flatMap((year) =>
    ['01-01', '01-04', '02-28', '12-28', '12-31'].map((day) => `${year}-${day}T23:05:09`),
  )
  const input = dates.map((date) => `${date}Z`).join('\n')
  const said = execFileSync('date', ['-u', '-f', '-', `+${format}`], { input, encoding: 'utf8', env: { LC_ALL: 'C' } })
  expect(dates.map((date) => dateText(date, format))).toEqual(said.trimEnd().split('\n'))
})

test('what is no date is empty, and what is no code stays', () => {
  expect(dateText('soon', '%Y')).toBe('')
  expect(dateText('2019-13-45T00:00:00', '%Y')).toBe('')
  expect(dateText('2019-05-01', '%Y %H %Q')).toBe('2019 00 %Q')
})
