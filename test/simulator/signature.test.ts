import { describe, expect, test } from 'vitest'
import { escapeValue, isSignedWith, readSignature, type WireRequest } from '../../src/simulator/signature.ts'

const get = (target: string, authorization: string): WireRequest => ({
  method: 'GET',
  origin: 'http://photos.example.net',
  target,
  authorization,
  form: undefined,
})

describe('the example of RFC 5849 §1.2', () => {
  const temporary = `OAuth realm="Photos",
    oauth_consumer_key="dpf43f3p2l4k3l03",
    oauth_signature_method="HMAC-SHA1",
    oauth_timestamp="137131200",
    oauth_nonce="wIjqoxSZeZ0",
    oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready",
    oauth_signature="SIGNATURE"`
  const photo = `OAuth realm="Photos",
    oauth_consumer_key="dpf43f3p2l4k3l03",
    oauth_token="nnch734d00sl2jdk",
    oauth_signature_method="HMAC-SHA1",
    oauth_timestamp="137131202",
    oauth_nonce="chapoH",
    oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`

  test('the request for a picture verifies', () => {
    const signature = readSignature(get('/photos?file=vacation.jpg&size=original', photo))
    expect(signature && isSignedWith(signature, 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00')).toBe(true)
  })

  test('another query, secret, method or host does not', () => {
    const holds = (request: WireRequest, secret = 'kd94hf93k423kf44') => {
      const signature = readSignature(request)
      return signature !== undefined && isSignedWith(signature, secret, 'pfkkdhi9sl3r4s00')
    }
    const right = get('/photos?file=vacation.jpg&size=original', photo)
    expect(holds(right)).toBe(true)
    expect(holds({ ...right, target: '/photos?file=vacation.jpg&size=small' })).toBe(false)
    expect(holds(right, 'wrong')).toBe(false)
    expect(holds({ ...right, method: 'POST' })).toBe(false)
    expect(holds({ ...right, origin: 'http://photos.example.org' })).toBe(false)
    expect(holds({ ...right, origin: 'HTTP://photos.EXAMPLE.net:80' })).toBe(true)
  })

  test('the callback of the request for temporary credentials is decoded, the realm left out', () => {
    const signature = readSignature(get('/initiate', temporary))
    expect(signature?.oauth.get('oauth_callback')).toBe('http://printer.example.com/ready')
    expect(signature?.oauth.has('realm')).toBe(false)
  })
})

test('the base string of RFC 5849 §3.4.1.1 comes out letter for letter', () => {
  const signature = readSignature({
    method: 'post',
    origin: 'http://EXAMPLE.COM',
    target: '/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    authorization: `OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",
      oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a",
      oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`,
    form: 'c2&a3=2+q',
  })
  expect(signature?.baseString).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
      'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
      'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  )
})

test("escapeValue() escapes what encodeURIComponent leaves: !'()*", () => {
  expect(escapeValue("!'()*-._~ é/")).toBe('%21%27%28%29%2A-._~%20%C3%A9%2F')
})

test('a parameter in two places is noticed', () => {
  expect(readSignature(get('/a?oauth_nonce=1', 'OAuth oauth_nonce="2"'))?.repeated).toBe('oauth_nonce')
})
