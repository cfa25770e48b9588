// Where the gateway lets itself be sent: every form an inside address can hide in, and the names that lead there.
import type { LookupFunction } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isAllowed, urlFault } from '../../../src/adapters/webhooks/addresses.ts'
import { dnsResolver, guardedLookup } from '../../../src/adapters/webhooks/lookup.ts'

const production = { sandbox: false, loopback: false }
const sandbox = { sandbox: true, loopback: true }

describe('an address outside is allowed:', () => {
  test.each(['8.8.8.8', '1.1.1.1', '203.162.4.190', '2606:4700::1111', '2001:ee0:4041::1'])(
    '%s',
    (address) => {
      expect(isAllowed(address, production)).toBe(true)
    },
  )
})

describe('an address inside is refused:', () => {
  test.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['Alibaba metadata', '100.100.100.200'],
    ['link-local, metadata', '169.254.169.254'],
    ['link-local, container credentials', '169.254.170.2'],
    ['Oracle metadata', '192.0.0.192'],
    ['Azure platform', '168.63.129.16'],
    ['Azure platform, mapped', '::ffff:168.63.129.16'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.250'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv6 unspecified', '::'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 site-local', 'fec0::1'],
    ['IPv6 unique local', 'fc00::1'],
    ['AWS metadata', 'fd00:ec2::254'],
    ['Google metadata', 'fd20:ce::254'],
    ['IPv6 multicast', 'ff02::1'],
    ['discard', '100::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['ORCHID', '2001:20::1'],
    ['segment routing', '5f00::1'],
    ['not given out', '4000::1'],
    ['IPv4-mapped', '::ffff:10.0.0.1'],
    ['IPv4-mapped, also of an outside address', '::ffff:8.8.8.8'],
    ['IPv4-mapped in hex', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible', '::10.0.0.1'],
    ['IPv4-compatible in hex', '::a9fe:a9fe'],
    ['IPv4-translated', '::ffff:0:10.0.0.1'],
    ['NAT64', '64:ff9b::10.0.0.1'],
    ['NAT64, also of an outside address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:a00:1::'],
    ['Teredo', '2001:0:a00:1::'],
    ['not an address', 'localhost'],
    ['not an address', ''],
  ])('%s %s', (_name, address) => {
    expect(isAllowed(address, production)).toBe(false)
    expect(isAllowed(address, sandbox)).toBe(false)
  })
})

test.each(['127.0.0.1', '127.8.9.10', '::1'])('loopback %s only where that is set', (address) => {
  expect(isAllowed(address, production)).toBe(false)
  expect(isAllowed(address, { sandbox: true, loopback: false })).toBe(false)
  expect(isAllowed(address, sandbox)).toBe(true)
})

test.each(['::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'])(
  'loopback inside IPv6, %s, never',
  (address) => expect(isAllowed(address, sandbox)).toBe(false),
)

describe('a URL', () => {
  test.each([
    'https://shop.example/hooks',
    'https://shop.example:443/hooks?shop=1',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('%s is good anywhere', (url) => expect(urlFault(url, production)).toBeUndefined())

  test.each([
    'http://shop.example/',
    'https://shop.example:8443/',
    'http://localhost:3000/hooks',
    'http://[::1]:80/',
  ])('%s is good in the sandbox only', (url) => {
    expect(urlFault(url, sandbox)).toBeUndefined()
    expect(urlFault(url, production)).toBeDefined()
  })

  test.each([
    ['Not an absolute URL.', 'shop.example/hooks'],
    ['Not an absolute URL.', 'https://'],
    ['Not an absolute URL.', 'https://[::1%25lo]/'],
    ['Not an absolute URL.', 'https://256.1.1.1/'],
    ['Only https is delivered to.', 'ftp://shop.example/'],
    ['Only https is delivered to.', 'file:///etc/passwd'],
    ['Only https is delivered to.', 'gopher://shop.example/'],
    ['Only https is delivered to.', 'javascript:alert(1)'],
    ['A URL with a user name or password is refused.', 'https://user@shop.example/'],
    ['A URL with a user name or password is refused.', 'https://user:password@shop.example/'],
    ['A URL with a user name or password is refused.', 'https://:password@shop.example/'],
    ['A fragment is never sent: leave it out.', 'https://shop.example/#here'],
  ])('%s: %s', (fault, url) => expect(urlFault(url, sandbox)).toBe(fault))

  test.each([
    ['decimal', 'https://2852039166/latest'],
    ['octal', 'https://0251.0376.0251.0376/'],
    ['hexadecimal', 'https://0xa9fea9fe/'],
    ['hexadecimal parts', 'https://0xa9.0xfe.0xa9.0xfe/'],
    ['mixed parts', 'https://169.254.0xa9fe/'],
    ['two parts', 'https://10.1/'],
    ['full-width digits', 'https://１０.0.0.1/'],
    ['percent-encoded', 'https://%31%30.0.0.1/'],
    ['ideographic stops', 'https://10。0。0。1/'],
    ['a dot at the end', 'https://10.0.0.1./'],
    ['mapped', 'https://[::ffff:169.254.169.254]/'],
    ['mapped in hex', 'https://[0:0:0:0:0:ffff:a9fe:a9fe]/'],
  ])('an inside address in disguise, %s: %s', (_name, url) => {
    expect(urlFault(url, sandbox)).toBe('This address is not on the public internet.')
  })

  test('with an odd port is told so', () => {
    expect(urlFault('https://shop.example:22/', production)).toBe('Only port 443 is delivered to.')
  })
})

describe('looking a name up', () => {
  const look = (lookup: LookupFunction, all: boolean) =>
    new Promise<unknown>((resolve, reject) =>
      lookup('shop.example', { all }, (error, address, family) =>
        error ? reject(error) : resolve(all ? address : { address, family }),
      ),
    )
  const named = (...addresses: string[]) => guardedLookup(async () => addresses, production)

  test('gives every address that was checked, or the first', async () => {
    const lookup = named('8.8.8.8', '2606:4700::1111')
    expect(await look(lookup, true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
    expect(await look(lookup, false)).toEqual({ address: '8.8.8.8', family: 4 })
  })

  test('one address inside refuses the name, wherever it stands', async () => {
    for (const addresses of [['10.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::1', '8.8.8.8']])
      await expect(look(named(...addresses), true)).rejects.toThrow(
        expect.objectContaining({ name: 'AddressRefused' }),
      )
  })

  test('a name without an address is an error, not an empty list', async () => {
    const nothing = guardedLookup(async () => Promise.reject(new Error('ENOTFOUND')), production)
    await expect(look(nothing, true)).rejects.toThrow('ENOTFOUND')
    await expect(look(named(), true)).rejects.toThrow('shop.example')
  })

  test.each(['localhost', 'LOCALHOST.', 'shop.localhost'])(
    '%s is this machine, without asking',
    async (name) => {
      expect(await dnsResolver()(name)).toEqual(['127.0.0.1', '::1'])
    },
  )
})
