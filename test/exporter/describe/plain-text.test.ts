import { expect, test } from 'vitest'
import { plainText } from '../../../src/exporter/describe/plain-text.ts'

test.each([
  ['Tom &amp; Ana', 'Tom & Ana'],
  ['a<br>b<br />\nc', 'a\nb\nc'],
  ['<p>one</p><p class="x">two</p>', 'one\n\ntwo'],
  ['<a href="http://x/?a=1&amp;b=2">here</a> &eacute;t&#233;', 'here été'],
  ['3 < 5 and 7 > 2, I <3 you', '3 < 5 and 7 > 2, I <3 you'],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['AT&T, R&D, a&copy b', 'AT&T, R&D, a&copy b'],
  ['line\r\nline\rline', 'line\nline\nline'],
  ['<script>alert(1)</script>', 'alert(1)'],
])('%j reads as %j', (html, text) => {
  expect(plainText(html)).toBe(text)
})

test('a megabyte of opened brackets takes no longer than it is long', () => {
  const before = process.cpuUsage().user
  plainText('<a'.repeat(500_000))
  plainText('<br '.repeat(250_000))
  plainText('</p>'.repeat(250_000))
  expect(process.cpuUsage().user - before).toBeLessThan(3e6)
})
