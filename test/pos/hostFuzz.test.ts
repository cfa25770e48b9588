// Whatever a till sends, in whatever order and how often: nothing breaks the host, and its books agree with the acquirer's.
import { afterEach, describe, expect, test } from 'vitest'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import type { Fields, Message } from '../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87, type Profile } from '../../src/adapters/iso8583/profile.ts'
import { writeOriginalData, writeReplacementAmounts } from '../../src/adapters/iso8583/subelements.ts'
import { asCardPayment } from '../../src/domain/payments/payment.ts'
import { paymentIdByRetrieval } from '../../src/domain/payments/reference.ts'
import { type OpenedCardPayment, refundedOf } from '../../src/domain/pos/cardPaymentState.ts'
import { sandboxCard } from '../../src/domain/pos/sandboxIssuer.ts'
import { sandboxLedger } from '../../src/domain/pos/sandboxLedger.ts'
import { sandboxNetwork } from '../../src/domain/pos/sandboxNetwork.ts'
import { damaged, randomMessage } from '../adapters/iso8583/randomMessages.ts'
import { type Random, seeded } from '../simulation/random.ts'
import { eventually, openShop, openTestGateway } from '../support/gateway.ts'
import { openTill, type TestTill, testPan } from '../support/till.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const cards = [testPan, '5555555555554444', '4111111111111112']
const [asking, telling] = [
  ['0100', '0101', '0200', '0201'],
  ['0220', '0221', '0400', '0420', '0421', '0320', '0500', '0800'],
]
const amounts = [
  '000000125000',
  '000000000010',
  '000000000051',
  '000000000091',
  '000000000092',
  '000000000000',
]

/** A message of a till that means something, or nearly: about one of a few trace numbers, in any order. */
function meant(till: TestTill, sentAt: string, random: Random, references: readonly string[]): Message {
  const stan = () => String(1 + random.below(150)).padStart(6, '0')
  const original = () =>
    writeOriginalData({
      mti: random.pick(['0100', '0200']),
      stan: stan(),
      transmittedAt: sentAt,
      acquirer: '',
      forwarder: '',
    })
  const sometimes = (de: number, value: () => string | undefined): Fields => {
    const chosen = random.oneIn(2) ? value() : undefined
    return chosen === undefined ? {} : { [de]: chosen }
  }
  const usual: Fields = {
    2: random.pick(cards),
    3: random.pick(['000000', '000000', '000000', '200000', '010000']),
    4: random.pick(amounts),
    7: sentAt,
    11: stan(),
    14: '3012',
    25: random.pick(['00', '41']),
    41: till.de41,
    42: till.de42,
    49: random.pick(['704', '704', '704', '840']),
    ...sometimes(37, () => (references.length > 0 ? random.pick(references) : undefined)),
    ...sometimes(56, () => random.pick(['4000', '4021'])),
    ...(random.oneIn(3) && { 90: original() }),
    ...sometimes(95, () => writeReplacementAmounts(BigInt(random.pick(amounts)))),
  }
  const without = random.oneIn(12) ? random.pick(Object.keys(usual)) : ''
  return {
    mti: random.pick(random.oneIn(2) ? asking : telling),
    fields: Object.fromEntries(Object.entries(usual).filter(([de]) => de !== without)),
  }
}

async function open(profile: Profile) {
  const ledger = sandboxLedger()
  const wait = () => new Promise((resolve) => setImmediate(resolve))
  const network = sandboxNetwork({ wait, patienceMs: 1, ledger })
  const gateway = await openTestGateway({ cards: { network, cardOf: sandboxCard } })
  closers.push(gateway.stop)
  const shop = await openShop(gateway)
  const till = await openTill(gateway, shop, { profile })
  closers.push(till.close)
  const sentAt = gateway.clock.now.toISOString().replace(/\D/g, '').slice(4, 14)
  const tpdu = profile.envelope.tpdu ? '6000010000' : ''
  const send = (bytes: Uint8Array) => till.line.send(wrap(bytes, tpdu, profile.envelope))
  const handled = () =>
    ['answered', 'not_answered', 'malfunction'].reduce(
      (sum, name) => sum + (till.counts.get(name as 'answered') ?? 0),
      0,
    )
  return { gateway, shop, till, ledger, sentAt, send, handled }
}

describe.each([ascii87, bcd87])('$name', (profile) => {
  test.each([1, 2, 3])('any order of messages, seed %i: our books and the acquirer’s agree', async (seed) => {
    const { gateway, shop, till, ledger, sentAt, send, handled } = await open(profile)
    const random = seeded(seed)
    for (let round = 1; round <= 20; round++) {
      const references = [...ledger.entries()].map(([reference]) => reference)
      for (let one = 0; one < 20; one++) {
        const encoded = till.codec.encode(meant(till, sentAt, random, references))
        if (!encoded.ok) throw new Error(`${encoded.code} in ${encoded.de}`)
        send(encoded.bytes)
      }
      await eventually('all are handled', () => handled() === 20 * round)
    }
    expect(till.counts.get('answered')).toBe(400)
    expect(ledger.entries().next().done).toBe(false) // some of it was sold

    const { payments } = gateway.services.gateway
    const { merchantId } = shop
    const differing = async () => {
      const wrong: unknown[] = []
      for (const [reference, book] of ledger.entries()) {
        const payment = asCardPayment(
          (await payments.load(paymentIdByRetrieval(merchantId, reference))).state,
        )
        const ours = payment && booked(payment)
        const theirs = { held: book.held.minor, taken: book.captured.minor - book.refunded.minor }
        if (ours?.held !== theirs.held || ours.taken !== theirs.taken)
          wrong.push({ reference, status: payment?.status, ours, theirs })
      }
      return wrong
    }
    let wrong = await differing()
    for (let turn = 0; wrong.length > 0 && turn < 300; turn++) {
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      wrong = await differing()
    }
    expect(wrong).toEqual([])
  })

  test('what chance makes of messages breaks nothing, and the line stays open', async () => {
    const { till, send, handled, sentAt } = await open(profile)
    const random = seeded(7)
    let previous: Uint8Array = Buffer.from('0800')
    for (let round = 1; round <= 30; round++) {
      for (let one = 0; one < 30; one++) {
        const { mti, fields } = randomMessage(profile, random)
        const named = random.oneIn(4) ? {} : { 7: sentAt, 41: till.de41, 42: till.de42 }
        const encoded = till.codec.encode({
          mti: random.oneIn(3) ? random.pick(random.oneIn(2) ? asking : telling) : mti,
          fields: { ...fields, ...named },
        })
        if (!encoded.ok) throw new Error(`${encoded.code} in ${encoded.de}`)
        const bytes = random.oneIn(3) ? damaged(encoded.bytes, previous, random) : encoded.bytes
        previous = encoded.bytes
        send(bytes.length > 0 ? bytes : previous)
      }
      await eventually('all are handled', () => handled() === 30 * round)
    }
    expect(till.counts.get('malfunction')).toBeUndefined()
    expect(till.line.socket.destroyed).toBe(false)
  })
})

const capturedStatuses = ['paid', 'partially_refunded', 'refunded']

/** What the acquirer must have of a payment, as we know it. */
function booked(payment: OpenedCardPayment): { held: bigint; taken: bigint } {
  if (payment.status === 'authorized') return { held: payment.authorized.minor, taken: 0n }
  if (!capturedStatuses.includes(payment.status)) return { held: 0n, taken: 0n }
  return { held: 0n, taken: payment.captured!.amount.minor - refundedOf(payment).minor }
}
