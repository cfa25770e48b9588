// Bad input, as a table: each is refused with a stable code and the place, nothing is written, and the server goes on.
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/http/problem.ts'
import { ask, openShop, openTestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())
let head: string

beforeEach(async () => {
  head = await gateway.store.head()
})
afterEach(async () => {
  expect(await gateway.store.head(), 'nothing may be written').toBe(head)
  expect((await ask(gateway, shop)).status, 'the server must go on').toBe('pending')
})

const sale = (changes: object = {}) => ({
  siteId: shop.siteId,
  method: 'qr',
  amount: '125000',
  currency: 'VND',
  ...changes,
})
const sell = (body: unknown, headers: Record<string, string> = {}) =>
  gateway.call('POST', '/v1/payments', { key: shop.key, body, headers })
/** The sale as text with something put in front of its fields. */
const saleWith = (text: string) => JSON.stringify(sale()).replace('{', `{${text},`)

describe('an amount', () => {
  const amounts: [string, unknown, string?][] = [
    ['a number', 125000],
    ['a float', 0.1],
    ['a huge number', 1e308],
    ['true', true],
    ['null', null],
    ['a list', ['125000']],
    ['an object', { value: '125000' }],
    ['missing', undefined],
    ['negative', '-1', 'amount_malformed'],
    ['zero', '0', 'amount_zero'],
    ['zero with decimals', '0.00', 'amount_decimals'],
    ['one digit too long', '1'.repeat(16), 'amount_too_long'],
    ['endless', '9'.repeat(60_000), 'amount_too_long'],
    ['with decimals that đồng does not have', '125000.50', 'amount_decimals'],
    ['with decimals that are nought', '125000.0', 'amount_decimals'],
    ['with a point and nothing after', '125000.', 'amount_malformed'],
    ['with an exponent', '1e5', 'amount_malformed'],
    ['with leading zeros', '0125000', 'amount_malformed'],
    ['with a plus sign', '+125000', 'amount_malformed'],
    ['with a space', ' 125000', 'amount_malformed'],
    ['with a line feed after it', '125000\n', 'amount_malformed'],
    ['with thousands separated', '125,000', 'amount_malformed'],
    ['with thousands separated as in Vietnam', '125.000', 'amount_decimals'],
    ['in hexadecimal', '0x1E848', 'amount_malformed'],
    ['in Arabic digits', '١٢٥٠٠٠', 'amount_malformed'],
    ['in wide digits', '１２５０００', 'amount_malformed'],
    ['empty', '', 'amount_malformed'],
    ['NaN', 'NaN', 'amount_malformed'],
    ['Infinity', 'Infinity', 'amount_malformed'],
  ]
  test.each(amounts)('%s is refused', async (_what, amount, code) => {
    const answer = await sell(sale({ amount }))
    expectRefused(answer, 'validation_failed', '/amount')
    expect(answer.body.errors[0].code).toBe(code)
  })
})

describe('a currency', () => {
  test.each([
    ['that does not exist', 'XXX', 'currency_unknown'],
    ['in lower case', 'vnd', 'currency_unknown'],
    ['that is a word of JavaScript', '__proto__'.slice(0, 3), 'currency_unknown'],
    ['that exists but is no currency of VietQR', 'USD', 'currency_not_supported'],
    ['of four letters', 'VNDD', undefined],
    ['as a number', 704, undefined],
  ])('%s is refused', async (_what, currency, code) => {
    const answer = await sell(sale({ currency }))
    expectRefused(answer, 'validation_failed', '/currency')
    expect(answer.body.errors[0].code).toBe(code)
  })
})

describe('a field of a sale', () => {
  const fields: [string, object, string][] = [
    ['expiring at once', { expiresInSeconds: 0 }, '/expiresInSeconds'],
    ['expiring in the past', { expiresInSeconds: -60 }, '/expiresInSeconds'],
    ['expiring after more than a week', { expiresInSeconds: 604_801 }, '/expiresInSeconds'],
    ['expiring in half a second', { expiresInSeconds: 0.5 }, '/expiresInSeconds'],
    ['expiring as text', { expiresInSeconds: '900' }, '/expiresInSeconds'],
    ['a site id of another kind', { siteId: 'ter_9QZXW4F2' }, '/siteId'],
    ['a payment id as its site', { siteId: 'pay_7K3MA9QZXW4F2P8R6T' }, '/siteId'],
    ['a site id in lower case', { siteId: 'sit_7k3ma9qzxw4f2' }, '/siteId'],
    ['a site id with a letter that is not in use', { siteId: 'sit_7K3MA9QZXW4FU' }, '/siteId'],
    ['a site id with a line feed', { siteId: 'sit_7K3MA9QZXW4F2\n' }, '/siteId'],
    ['a site that nobody has', { siteId: 'sit_7K3MA9QZXW4F2' }, '/siteId'],
    ['no site', { siteId: undefined }, '/siteId'],
    ['a terminal that nobody has', { terminalId: 'ter_00000000' }, '/terminalId'],
    ['a method not taken', { method: 'cash' }, '/method'],
    ['a field that nobody knows', { amout: '1' }, '/amout'],
    ['a field with a slash and a tilde in its name', { 'a/b~c': 1 }, '/a~1b~0c'],
    ['a field that only an object knows', { constructor: 1 }, '/constructor'],
    ['a name that is endless', { description: 'ạ'.repeat(141) }, '/description'],
    ['an empty description', { description: '' }, '/description'],
    ['an order id that is endless', { orderId: '1'.repeat(61) }, '/orderId'],
    ['metadata as a list', { metadata: ['a'] }, '/metadata'],
    ['metadata with a number', { metadata: { till: 3 } }, '/metadata/till'],
    ['metadata with an object in it', { metadata: { till: {} } }, '/metadata/till'],
    ['metadata with a key of spaces', { metadata: { 'a b': 'c' } }, '/metadata/a b'],
    ['metadata that is endless', { metadata: { till: 'x'.repeat(501) } }, '/metadata/till'],
    [
      'metadata of 21 pairs',
      { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, 'v'])) },
      '/metadata',
    ],
  ]
  test.each(fields)('%s is refused', async (_what, changes, pointer) => {
    expectRefused(await sell(sale(changes)), 'validation_failed', pointer)
  })

  const pan = '4111111111111111'
  test.each<[string, object, string]>([
    ['a description', { description: `thẻ ${pan}` }, '/description'],
    ['an order id', { orderId: pan }, '/orderId'],
    ['a metadata value', { metadata: { note: '4111 1111 1111 1111' } }, '/metadata/note'],
    ['a metadata key', { metadata: { [pan]: 'x' } }, '/metadata/411111******1111'],
    ['a name that is not known', { [pan]: 'x' }, '/411111******1111'],
  ])('a card number in %s is refused, and not repeated', async (_what, changes, pointer) => {
    const answer = await sell(sale(changes))
    expectRefused(answer, 'validation_failed', pointer)
    expect(answer.text).not.toContain(pan)
  })

  const hidden: [string, string][] = [
    ['NUL', '\u0000'],
    ['a line feed', '\n'],
    ['an escape', '\u001b[31m'],
    ['delete', '\u007f'],
    ['a C1 control', '\u0085'],
    ['a right-to-left override', '\u202e'],
    ['a right-to-left mark', '\u200f'],
    ['an Arabic letter mark', '\u061c'],
    ['a right-to-left isolate', '\u2067'],
    ['a line separator', '\u2028'],
    ['half a surrogate pair', '\ud83c'],
    ['the other half', '\udf5c'],
  ]
  test.each(hidden)('text with %s is refused', async (_what, character) => {
    const text = `Phở ${character} bò`
    expectRefused(await sell(sale({ description: text })), 'validation_failed', '/description')
    expectRefused(await sell(sale({ orderId: text })), 'validation_failed', '/orderId')
  })

  test('several wrong at once are all named', async () => {
    const answer = await sell(sale({ amount: 1, siteId: 'x', orderId: '', surprise: 1 }))
    for (const pointer of ['/amount', '/siteId', '/orderId', '/surprise'])
      expectRefused(answer, 'validation_failed', pointer)
  })
})

describe('a body', () => {
  const utf8 = new TextEncoder()
  const bytes = (...parts: (string | number[])[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8.encode(part)] : part)))

  const bodies: [string, () => string | Uint8Array, ProblemCode, string?][] = [
    ['that is not JSON', () => 'amount=125000', 'malformed_json', ''],
    ['that stops in the middle', () => '{"siteId":"sit_', 'malformed_json', ''],
    ['of two values', () => `${JSON.stringify(sale())}{}`, 'malformed_json', ''],
    ['with a comma too many', () => `{"amount":"1",}`, 'malformed_json', ''],
    ['with a comment', () => `/* sale */ ${JSON.stringify(sale())}`, 'malformed_json', ''],
    ['in single quotes', () => `{'amount':'1'}`, 'malformed_json', ''],
    ['with NaN', () => '{"amount":NaN}', 'malformed_json', ''],
    ['with a bad escape', () => '{"\\x61":1}', 'malformed_json', ''],
    ['with a raw NUL', () => `{"amount":"1\u00002"}`, 'malformed_json', ''],
    ['of blanks', () => '   ', 'malformed_json', ''],
    ['that is not UTF-8', () => bytes('{"description":"', [0xff, 0xfe], '"}'), 'malformed_json', ''],
    ['in overlong UTF-8', () => bytes('{"description":"', [0xc0, 0xaf], '"}'), 'malformed_json', ''],
    [
      'with a surrogate in UTF-8',
      () => bytes('{"description":"', [0xed, 0xa0, 0x80], '"}'),
      'malformed_json',
      '',
    ],
    ['in UTF-16', () => new Uint8Array(Buffer.from(JSON.stringify(sale()), 'utf16le')), 'malformed_json', ''],
    ['null', () => 'null', 'validation_failed', ''],
    ['a list', () => JSON.stringify([sale()]), 'validation_failed', ''],
    ['a text', () => '"sale"', 'validation_failed', ''],
    ['a number', () => '1e999', 'validation_failed', ''],
    ['an empty object', () => '{}', 'validation_failed', '/method'],
    ['empty', () => '', 'validation_failed', '/method'],
    ['with a key twice', () => saleWith('"amount":"1"'), 'duplicate_key', '/amount'],
    ['with a key twice, once escaped', () => saleWith('"\\u0061mount":"1"'), 'duplicate_key', '/amount'],
    [
      'with a key twice, deep inside',
      () => saleWith('"metadata":{"a":"1","a":"2"}'),
      'duplicate_key',
      '/metadata/a',
    ],
    ['with a key twice in a list', () => saleWith('"x":[0,{"a":[],"a":1}]'), 'duplicate_key', '/x/1/a'],
    ['with __proto__', () => saleWith('"__proto__":{"amount":"1"}'), 'validation_failed', '/__proto__'],
    ['with __proto__ escaped', () => saleWith('"__proto\\u005f_":{}'), 'validation_failed', '/__proto__'],
    [
      'with __proto__ in metadata',
      () => saleWith('"metadata":{"__proto__":"x"}'),
      'validation_failed',
      '/metadata/__proto__',
    ],
    [
      'with constructor.prototype',
      () => saleWith('"constructor":{"prototype":{}}'),
      'validation_failed',
      '/constructor',
    ],
    [
      'nested 17 deep',
      () => saleWith(`"x":${'['.repeat(16)}${']'.repeat(16)}`),
      'nesting_too_deep',
      `/x${'/0'.repeat(15)}`,
    ],
    ['of 10,000 lists', () => '['.repeat(10_000) + ']'.repeat(10_000), 'nesting_too_deep'],
    ['of 10,000 objects', () => '{"a":'.repeat(10_000), 'nesting_too_deep'],
    ['of 65,537 bytes', () => JSON.stringify(sale()).padEnd(65_537), 'body_too_large'],
    ['of a megabyte', () => ' '.repeat(1_048_576), 'body_too_large'],
    [
      'with a huge number',
      () => saleWith('"expiresInSeconds":1e400'),
      'validation_failed',
      '/expiresInSeconds',
    ],
    [
      'with a number past what a double holds',
      () => saleWith('"expiresInSeconds":900719925474099267'),
      'validation_failed',
      '/expiresInSeconds',
    ],
  ]
  test.each(bodies)('%s is refused', async (_what, body, code, pointer) => {
    expectRefused(await sell(body()), code, pointer)
  })

  test('declared larger than it may be is refused before it is read', async () => {
    let read = false
    const body = new ReadableStream(
      {
        pull: (controller) => {
          read = true
          controller.enqueue(utf8.encode('x'))
        },
      },
      { highWaterMark: 0 },
    )
    const headers = {
      authorization: `Bearer ${shop.key}`,
      'content-type': 'application/json',
      'content-length': '65537',
    }
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    const response = await gateway.app.request('/v1/payments', init)
    expect([response.status, read]).toEqual([413, false])
    expect((await response.json()).code).toBe('body_too_large')
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json-patch+json',
    'text/json',
    'multipart/form-data',
    '',
  ])('of type "%s" is refused', async (type) => {
    expectRefused(await sell(sale(), { 'content-type': type }), 'unsupported_media_type')
  })
})

describe('of the bounds, the last good value is taken:', () => {
  const good: [string, () => string | Uint8Array | object][] = [
    ['65,536 bytes', () => JSON.stringify(sale()).padEnd(65_536)],
    ['an expiry of a week', () => sale({ expiresInSeconds: 604_800 })],
    ['a description of 140 characters', () => sale({ description: 'ạ'.repeat(140) })],
    ['emoji and combining marks', () => sale({ description: '🍜 Phở bo\u0300' })],
    [
      'metadata of 20 pairs',
      () => sale({ metadata: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, 'v'])) }),
    ],
    ['metadata named like parts of an object', () => sale({ metadata: { constructor: 'x', toString: 'y' } })],
    ['the same key in two objects', () => saleWith('"metadata":{"amount":"1","siteId":"x"}')],
  ]
  test.each(good)('%s', async (_what, body) => {
    const answer = await sell(body())
    expect(answer.status, answer.text).toBe(201)
    head = await gateway.store.head()
  })

  test('the type in any case, with a character set', async () => {
    const answer = await sell(sale(), { 'content-type': 'Application/JSON; charset=UTF-8' })
    expect(answer.status).toBe(201)
    head = await gateway.store.head()
  })
})
