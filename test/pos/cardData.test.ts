// A canary for card data: marked numbers, tracks, PIN blocks and chip data go through every path of a real gateway, good
// and bad, and then nothing that it wrote, answered, logged or counted holds any of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { hasRightMac, signed } from '../../src/adapters/iso8583/mac.ts'
import type { Fields } from '../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87 } from '../../src/adapters/iso8583/profile.ts'
import { totalsToFields } from '../../src/adapters/iso8583/reconciliation.ts'
import { totalsOf } from '../../src/domain/pos/batchTotals.ts'
import { passesLuhn } from '../../src/domain/pos/pan.ts'
import { callerOf, openShopAt } from '../support/client.ts'
import { freePort, startGateway } from '../support/gatewayProcess.ts'
import { dialTill } from '../support/till.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'thungan-canary-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
const operatorKey = 'operator-key-of-the-canary'

const checkDigit = (digits: string): string =>
  digits + [...'0123456789'].find((digit) => passesLuhn(digits + digit))
const pans = {
  visa: checkDigit('492987342567890'),
  mastercard: checkDigit('527163948205713'),
  napas: checkDigit('970436718293645'),
}
const trackTail = '30121018273645546'
const secrets = {
  pinBlock: 'A7C3E91F5B2D8046',
  iccData: '9F2608C1A2B3D4E5F607189F10070601120A03A4B5',
  securityCode: 'CVV2 8 7 3 marked',
  trackTail,
}
type Seen = { readonly where: string; readonly bytes: Buffer }

test('card data is nowhere but on its way', { timeout: 60_000 }, async () => {
  const [port, bcdPort] = [await freePort(), await freePort()]
  const gateway = startGateway({
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'debug',
    ISO8583_PORT: String(port),
    ISO8583_BCD_PORT: String(bcdPort),
  })
  const url = await gateway.url()
  const seen: Seen[] = []
  const caller = callerOf(url)
  const shop = await openShopAt(caller, operatorKey)
  const open = async () => {
    const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const { body: terminal } = await caller.post('/v1/terminals', shop.key, body)
    const { activationCode } = terminal as { activationCode: string }
    await caller.post('/v1/terminals/activate', '', { activationCode })
    return terminal as { id: string; terminalId: string; cardAcceptorId: string }
  }
  const terminal = await open()
  let counter = 0
  const full = (pan: string, changes: Fields = {}): Fields => ({
    2: pan,
    3: '000000',
    4: '000000125000',
    7: new Date().toISOString().replace(/\D/g, '').slice(4, 14),
    11: String(++counter).padStart(6, '0'),
    14: '3012',
    22: '051',
    35: `${pan}D${trackTail}`,
    41: terminal.terminalId,
    42: terminal.cardAcceptorId,
    48: secrets.securityCode,
    49: '704',
    52: secrets.pinBlock,
    55: secrets.iccData,
    ...changes,
  })

  for (const [profile, at] of [
    [ascii87, port],
    [bcd87, bcdPort],
  ] as const) {
    const codec = messageCodec(profile)
    const line = await dialTill(at, codec)
    line.socket.on('data', (bytes) => seen.push({ where: 'an answer to a till', bytes }))
    const encode = (mti: string, fields: Fields): Uint8Array => {
      const encoded = codec.encode({ mti, fields })
      if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
      return encoded.bytes
    }
    const send = (bytes: Uint8Array) =>
      line.send(wrap(bytes, profile.envelope.tpdu ? '6000010000' : '', profile.envelope))
    /** Cut off at every byte, and with every byte spoiled: answered 30, or dropped. The echo at the end is answered last. */
    const spoil = async (whole: Uint8Array, echo: Uint8Array): Promise<void> => {
      const bad = await dialTill(at, codec)
      bad.socket.on('data', (bytes) => seen.push({ where: 'an answer to what is spoiled', bytes }))
      const put = (bytes: Uint8Array) =>
        bad.send(wrap(bytes, profile.envelope.tpdu ? '6000010000' : '', profile.envelope))
      for (let end = 1; end < whole.length; end++) put(whole.subarray(0, end))
      for (let place = 0; place < whole.length; place++) {
        const spoiled = Uint8Array.from(whole)
        spoiled[place]! ^= 0xff
        put(spoiled)
      }
      put(echo)
      while ((await bad.next()).fields[70] !== '301') {}
      bad.hangUp()
    }
    const ask = async (mti: string, fields: Fields): Promise<string> => {
      send(encode(mti, fields))
      return (await line.next()).fields[39]!
    }
    for (const pan of Object.values(pans)) {
      const sale = full(pan)
      expect(await ask('0200', sale)).toBe('00')
      expect(await ask('0201', sale)).toBe('00') // again
      expect(await ask('0200', { ...sale, 4: '000000125001' })).toBe('94')
      expect(await ask('0400', { ...sale, 56: '4000' })).toBe('00')
      expect(await ask('0200', full(pan, { 4: '000000000051' }))).toBe('51')
      expect(await ask('0200', full(pan, { 4: '000000000010', 25: '41' }))).toBe('10')
      if (pan === pans.visa) expect(await ask('0200', full(pan, { 4: '000000000091' }))).toBe('68') // takes a while
      const hold = full(pan)
      expect(await ask('0100', hold)).toBe('00')
      expect(await ask('0220', { ...hold, 4: '000000100000' })).toBe('00')
      expect(await ask('0420', full(pan))).toBe('00') // of what never was
      expect(await ask('0200', full(pan, { 3: '990000' }))).toBe('12')
      expect(await ask('0200', full(pan, { 4: '000000000000' }))).toBe('13')
      expect(await ask('0200', full(pan, { 49: '999' }))).toBe('12')
      expect(await ask('0200', full(pan, { 41: 'ZZZZZZZZ' }))).toBe('58')
      expect(await ask('0200', full(pan, { 42: 'TN0000000000000' }))).toBe('03')
      expect(await ask('0600', full(pan))).toBe('12')
      // Card numbers in elements that are for something else.
      expect(await ask('0200', full(pan, { 37: pan.slice(0, 12), 63: pan, 54: pan.padStart(20, '0') }))).toBe(
        '00',
      )
      await spoil(encode('0200', full(pan)), encode('0800', { ...full(pan), 70: '301' }))
    }
    const close = () => full(pans.visa, totalsToFields(totalsOf([])))
    expect(await ask('0500', close())).toBe('95') // much was sold
    for (const pan of Object.values(pans)) {
      expect(await ask('0320', full(pan, { 37: 'ABCDEFGHJKMN', 39: '00' }))).toBe('00')
      expect(await ask('0320', full(pan, { 37: pan.slice(0, 12), 39: '00' }))).toBe('30')
    }
    expect(await ask('0520', close())).toBe('95')
    const other = await open()
    const { body } = await caller.post(`/v1/terminals/${other.id}/mac-key`, shop.key, {})
    const key = Buffer.from((body as { macKey: string }).macKey, 'hex')
    const of = { 41: other.terminalId, 42: other.cardAcceptorId }
    line.send(
      wrap(encode('0200', full(pans.visa, of)), profile.envelope.tpdu ? '6000010000' : '', profile.envelope),
    )
    send(signed({ mti: '0200', fields: full(pans.visa, of) }, codec, Buffer.alloc(16)))
    send(signed({ mti: '0200', fields: full(pans.visa, of) }, codec, key))
    const last = async (): Promise<void> => {
      const answer = await line.next()
      const encoded = codec.encode(answer)
      if (!(encoded.ok && hasRightMac(encoded.bytes, answer, codec, key))) await last()
    }
    await last() // the signed answer: everything before it is answered, too
    line.hangUp()
    // Framing lost, and half a frame.
    for (const bytes of [
      Buffer.from(`\xff\xff${pans.visa}`, 'latin1'),
      Buffer.from(`\x00\x40${pans.visa}`, 'latin1'),
    ]) {
      const broken = await dialTill(at, codec)
      broken.send(bytes)
      if (bytes[0] === 0) broken.hangUp()
      await broken.ended
    }
  }

  const sale = {
    siteId: shop.siteId,
    method: 'card',
    card: { token: 'tok_approve' },
    amount: '1000',
    currency: 'VND',
  }
  for (const pan of Object.values(pans)) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.key}` }
    const requests: [string, RequestInit][] = [
      ['/v1/payments', { method: 'POST', headers, body: JSON.stringify({ ...sale, card: { token: pan } }) }],
      [
        '/v1/payments',
        {
          method: 'POST',
          headers,
          body: JSON.stringify({ ...sale, card: { number: pan, cvv: secrets.securityCode } }),
        },
      ],
      [
        '/v1/payments',
        { method: 'POST', headers, body: JSON.stringify({ ...sale, description: `card ${pan}` }) },
      ],
      ['/v1/payments', { method: 'POST', headers, body: JSON.stringify({ ...sale, orderId: pan }) }],
      [
        '/v1/payments',
        { method: 'POST', headers, body: JSON.stringify({ ...sale, metadata: { [pan]: pan } }) },
      ],
      ['/v1/payments', { method: 'POST', headers, body: `{"${pan}":"${pan}"` }],
      ['/v1/payments', { method: 'POST', headers, body: `{"${pan}":1,"${pan}":2}` }],
      [
        '/v1/payments',
        { method: 'POST', headers: { ...headers, 'idempotency-key': pan }, body: JSON.stringify(sale) },
      ],
      [`/v1/payments?orderId=${pan}`, { headers }],
      [`/v1/payments?${pan}=${pan}`, { headers }],
      [`/v1/payments/${pan}`, { headers }],
      [`/v1/${pan}`, { headers }],
      [`/checkout/${pan}`, {}],
      ['/v1/payments', { headers: { authorization: `Bearer ${pan}` } }],
      [
        `/v1/terminals/${terminal.id}/heartbeat`,
        { method: 'POST', headers, body: JSON.stringify({ status: pan }) },
      ],
    ]
    for (const [path, init] of requests) {
      const answer = await fetch(url + path, init)
      const text = `${JSON.stringify([...answer.headers])}${await answer.text()}`
      seen.push({
        where: `the answer to ${init.method ?? 'GET'} ${path.replace(pan, 'PAN')}`,
        bytes: Buffer.from(text),
      })
    }
  }
  for (const path of [
    '/v1/payments?limit=200',
    '/v1/terminals',
    '/metrics',
    '/readyz',
    '/v1/statistics/payments',
  ]) {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${shop.key}` } })
    seen.push({ where: path, bytes: Buffer.from(await answer.text()) })
  }
  const { out, err } = await gateway.kill() // what lies in the write-ahead logs is looked at, too
  seen.push(
    { where: 'standard output', bytes: Buffer.from(out) },
    { where: 'the log', bytes: Buffer.from(err) },
  )
  for (const file of readdirSync(dataDir))
    seen.push({ where: file, bytes: readFileSync(join(dataDir, file)) })
  expect(seen.some(({ where }) => where.startsWith('events.sqlite'))).toBe(true)
  expect(leaks(seen)).toEqual([])
})

/** Each marked piece as text, as hex in both cases, and as bytes. */
const marks: [string, Buffer][] = [
  ...Object.values(pans).flatMap((pan): [string, Buffer][] => [
    ['a card number', Buffer.from(pan)],
    ['a card number as BCD', Buffer.from(pan, 'hex')],
    ['a card number in groups', Buffer.from(pan.replace(/(.{4})(?=.)/g, '$1 '))],
    ['all but the check digit', Buffer.from(pan.slice(0, 15))],
    ['the hidden digits', Buffer.from(pan.slice(5, 13))],
  ]),
  ['the end of a track', Buffer.from(trackTail)],
  ['the end of a track as BCD', Buffer.from(`${trackTail}0`, 'hex').subarray(0, 8)],
  ['a PIN block', Buffer.from(secrets.pinBlock)],
  ['a PIN block in small letters', Buffer.from(secrets.pinBlock.toLowerCase())],
  ['the bytes of a PIN block', Buffer.from(secrets.pinBlock, 'hex')],
  ['chip data', Buffer.from(secrets.iccData.slice(6, 22))],
  ['the bytes of chip data', Buffer.from(secrets.iccData.slice(6, 22), 'hex')],
  ['a security code', Buffer.from(secrets.securityCode)],
]

const leaks = (seen: readonly Seen[]): string[] =>
  seen.flatMap(({ where, bytes }) =>
    marks.filter(([, mark]) => bytes.includes(mark)).map(([what]) => `${what} in ${where}`),
  )

test('the search finds each mark where it is, or the test above could not fail', () => {
  for (const [what, mark] of marks) {
    const bytes = Buffer.concat([Buffer.from('before'), mark, Buffer.from('after')])
    expect(leaks([{ where: 'x', bytes }])).toContain(`${what} in x`)
  }
})
