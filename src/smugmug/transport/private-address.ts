import { BlockList, isIP } from 'node:net'

/** Whether this is an address or name of this machine or of a private network. Takes the host of a URL. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return isIP(host) === 0 ? /(^|\.)localhost$/.test(host) : isPrivateAddress(host)
}

export function isPrivateAddress(address: string): boolean {
  return NOT_PUBLIC.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** IANA's special-purpose addresses, and multicast. Also matches an IPv4 address within an IPv6 one. */
const NOT_PUBLIC = new BlockList()
for (const subnet of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/127', '64:ff9b:1::/48', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
]) {
  const [net = '', prefix] = subnet.split('/')
  NOT_PUBLIC.addSubnet(net, Number(prefix), isIP(net) === 6 ? 'ipv6' : 'ipv4')
}
