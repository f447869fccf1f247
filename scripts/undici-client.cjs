// undici's client alone, in undici's place in the bundle (scripts/build.ts). Its index also loads fetch, caches, cookies and web
// sockets, and these Node's second undici: together half of what went on before the first request.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js')
const EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js')
const buildConnector = require('undici/lib/core/connect.js')
const api = require('undici/lib/api/index.js')

Object.assign(Dispatcher.prototype, api) // as the index does; agents call it among themselves

module.exports = { buildConnector, EnvHttpProxyAgent }
