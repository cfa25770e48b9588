// Which addresses the gateway may be sent to: the public internet, and nothing that only this machine or its network can reach.
import ipaddr from 'ipaddr.js'

export type AddressPolicy = {
  /** Also http and any port, for trying things out. */
  readonly sandbox: boolean
  /** Also 127.0.0.0/8 and ::1. */
  readonly loopback: boolean
}

/** Public addresses that answer only inside a cloud: Azure's platform (metadata, DNS). */
const insideOnly = new Set(['168.63.129.16'])
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3') // all of IPv6 that has been given out

/**
 * Whether a literal address may be connected to. Only plain public unicast is: forms of IPv6 that carry an IPv4 address
 * (mapped, compatible, NAT64, 6to4, Teredo) are refused whatever they carry.
 */
export function isAllowed(address: string, { loopback }: AddressPolicy): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range === 'loopback') return loopback
  if (range !== 'unicast' || insideOnly.has(parsed.toString())) return false
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast)
}

/** The literal address that a URL's host is, undefined for a name. WHATWG URLs have made 0x7f.1 and 2130706433 plain by now. */
export function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : undefined
}

/** Why a URL cannot be an endpoint, undefined when it can. A name is looked up, and its addresses checked, at every connection. */
export function urlFault(text: string, policy: AddressPolicy): string | undefined {
  if (!URL.canParse(text)) return 'Not an absolute URL.'
  const url = new URL(text)
  const { protocol, username, password, port, hash } = url
  if (protocol !== 'https:' && !(policy.sandbox && protocol === 'http:')) return 'Only https is delivered to.'
  if (username !== '' || password !== '') return 'A URL with a user name or password is refused.'
  if (port !== '' && !policy.sandbox) return 'Only port 443 is delivered to.'
  if (hash !== '') return 'A fragment is never sent: leave it out.'
  const literal = literalOf(url)
  if (literal !== undefined && !isAllowed(literal, policy))
    return 'This address is not on the public internet.'
  return undefined
}
