// Looking up a receiver's name: every address is checked, and the connection goes to the addresses that were checked.
import { Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { type AddressPolicy, isAllowed } from './addresses.ts'

/** Every address of a name; throws when there is none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export class AddressRefused extends Error {
  override name = 'AddressRefused'
}

/**
 * By c-ares and not by the system: getaddrinfo blocks a thread of the few that files share, and a few names whose servers
 * never answer would hold up everybody.
 */
export function dnsResolver(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  return async (hostname) => {
    if (/^(.+\.)?localhost\.?$/i.test(hostname)) return ['127.0.0.1', '::1'] // RFC 6761; it is in no DNS
    const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const addresses = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    if (addresses.length === 0) throw (found[0] as PromiseRejectedResult).reason ?? new Error('no address')
    return addresses
  }
}

/**
 * For `lookup` of node:net. One look-up serves both the check and the connection, so a name that changes between the two
 * changes nothing. One refused address refuses the name.
 */
export const guardedLookup =
  (resolve: Resolve, policy: AddressPolicy): LookupFunction =>
  (hostname, options, callback) => {
    const answer = (addresses: readonly string[]): void => {
      if (addresses.length === 0 || !addresses.every((address) => isAllowed(address, policy))) {
        callback(new AddressRefused(hostname), [])
        return
      }
      const list = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (options.all) callback(null, list)
      else callback(null, list[0]!.address, list[0]!.family)
    }
    resolve(hostname).then(answer, (error) => callback(error, []))
  }
