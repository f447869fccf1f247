import { describe, expect, test } from 'vitest'
import { authorization, baseString, strictUrl } from '../../../src/smugmug/transport/oauth.ts'

describe('RFC 5849 §1.2', () => {
  const printer = { consumerKey: 'dpf43f3p2l4k3l03', consumerSecret: 'kd94hf93k423kf44' }

  test('the request for temporary credentials has the signature of the example', () => {
    const header = authorization({ method: 'POST', url: 'https://photos.example.net/initiate' }, printer, {
      oauth_timestamp: '137131200',
      oauth_nonce: 'wIjqoS',
      oauth_callback: 'http://printer.example.com/ready',
    })
    expect(header).toContain('oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready"')
    expect(header).toContain('oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"')
  })

  test('the request for token credentials has the signature of the example', () => {
    const keys = { ...printer, token: 'hh5s93j4hdidpola', tokenSecret: 'hdhd0244k9j7ao03' }
    const header = authorization({ method: 'POST', url: 'https://photos.example.net/token' }, keys, {
      oauth_timestamp: '137131201',
      oauth_nonce: 'walatlh',
      oauth_verifier: 'hfdp7dh39dks9884',
    })
    expect(header).toContain('oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"')
  })

  test('the request for a photo has the signature of the example', () => {
    const keys = { ...printer, token: 'nnch734d00sl2jdk', tokenSecret: 'pfkkdhi9sl3r4s00' }
    const url = 'http://photos.example.net/photos?file=vacation.jpg&size=original'
    const header = authorization({ method: 'GET', url }, keys, {
      oauth_timestamp: '137131202',
      oauth_nonce: 'chapoH',
    })
    expect(header).toMatch(/^OAuth oauth_/)
    expect(header).toContain('oauth_token="nnch734d00sl2jdk"')
    expect(header).toContain('oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"')
  })
})

test('the base string is that of RFC 5849 §3.4.1.1, with names that repeat, empty values, "=" and "+" within', () => {
  // The RFC sends half of these parameters in a body; where they come from makes no difference (§3.4.1.3).
  const url = 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q'
  const keys = { consumerKey: '9djdj82h48djs9d2', consumerSecret: 'any', token: 'kkk9d7dh3k39sjv7' }
  const text = baseString({ method: 'POST', url }, keys, { oauth_timestamp: '137131201', oauth_nonce: '7d8f3e4a' })
  expect(text).toBe(
    [
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D',
      '%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1',
      '%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    ].join(''),
  )
})

test("strictUrl() encodes as RFC 3986 does, `!'()*` too, and changes nothing the second time", () => {
  const url = strictUrl("https://api.smugmug.com/api/v2/album/K!images?a=b+c&d=!'()*~é&e=1=2&f")
  expect(url).toBe('https://api.smugmug.com/api/v2/album/K!images?a=b%20c&d=%21%27%28%29%2A~%C3%A9&e=1%3D2&f=')
  expect(strictUrl(url)).toBe(url)
  expect(new URL(url).href).toBe(url)
})
