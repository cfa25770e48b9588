// Seals and proofs over HTTP: who may ask, what is answered before the day is over, and that no proof can be bent.
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { checkSignature, signer } from '../../src/adapters/node/signer.ts'
import { type InclusionProof, proofFault } from '../../src/domain/proof/inclusion.ts'
import { ask, eventually, openBank, openShop, openTestGateway, operatorKey, pay } from '../support/gateway.ts'
import { endDay, testSigner } from '../support/seals.ts'

async function openPaid() {
  const gateway = await openTestGateway()
  onTestFinished(() => gateway.stop())
  const [shop, bank] = [await openShop(gateway), await openBank(gateway)]
  const payments = [await ask(gateway, shop), await ask(gateway, shop), await ask(gateway, shop)]
  for (const [index, payment] of payments.slice(0, 2).entries())
    await pay(gateway, bank, payment, `FT${index}`)
  const proofOf = (payment: { id: string }, key = shop.key) =>
    gateway.call('GET', `/v1/payments/${payment.id}/proof`, { key })
  return { gateway, shop, payments, proofOf }
}

const fault = (proof: InclusionProof, publicKey = testSigner.publicKey) =>
  proofFault(proof, nodeCrypto.hash, checkSignature, publicKey)

describe("a payment's proof", () => {
  test('holds, names the payment, and holds nothing but the event, the path and the seal', async () => {
    const { gateway, payments, proofOf } = await openPaid()
    await endDay(gateway)
    for (const payment of payments.slice(0, 2)) {
      const { status, body } = await proofOf(payment)
      expect(status).toBe(200)
      expect(fault(body)).toBeUndefined()
      expect(body.event).toMatchObject({ stream: `payment-${payment.id}`, type: 'PaymentPaid' })
      expect(JSON.parse(body.event.data)).toMatchObject({ amount: { amount: '125000', currency: 'VND' } })
      const keys = { event: expect.anything(), path: expect.anything(), seal: expect.anything() }
      expect(body).toEqual(keys)
      expect(body.seal).toEqual((await gateway.call('GET', '/v1/seals/2026-11-22')).body)
    }
  })

  test('is refused before the day is sealed, with when it will be, and of a payment that is not paid', async () => {
    const { gateway, payments, proofOf } = await openPaid()
    const early = await proofOf(payments[0])
    expect([early.status, early.body.code]).toEqual([409, 'day_not_sealed'])
    expect(early.body.detail).toContain('2026-11-23T00:00:00+07:00')
    await endDay(gateway)
    const unpaid = await proofOf(payments[2])
    expect([unpaid.status, unpaid.body.code]).toEqual([409, 'payment_not_paid'])
  })

  test("is the operator's and the merchant's: to another merchant the payment is not there", async () => {
    const { gateway, payments, proofOf } = await openPaid()
    await endDay(gateway)
    const other = await openShop(gateway, { taxCode: '0301234567' })
    expect((await proofOf(payments[0], operatorKey)).status).toBe(200)
    expect((await proofOf(payments[0], other.key)).status).toBe(404)
    expect((await gateway.call('GET', `/v1/payments/${payments[0].id}/proof`)).status).toBe(401)
  })

  test('does not hold once anything in it is changed', async () => {
    const { gateway, payments, proofOf } = await openPaid()
    await endDay(gateway)
    const proof = (await proofOf(payments[0])).body as InclusionProof
    const { event, path, seal } = proof
    const changes: Partial<InclusionProof>[] = [
      { event: { ...event, data: event.data.replace('125000', '925000') } },
      { event: { ...event, metadata: '{}' } },
      { event: { ...event, stream: `payment-${payments[1].id}` } },
      { event: { ...event, version: event.version + 1 } },
      { event: { ...event, id: 'other' } },
      { event: { ...event, type: 'PaymentCanceled' } },
      { event: { ...event, recordedAt: '2026-11-22T03:00:00.001Z' } },
      { event: { ...event, position: path.hashes[0]! } },
      { event: { ...event, previousHash: '' } },
      { path: { ...path, index: path.index + 1 } },
      { path: { ...path, size: path.size + 1 } },
      { path: { ...path, hashes: path.hashes.toReversed() } },
    ]
    for (const change of changes) expect(fault({ ...proof, ...change })).toBe('path_differs')
    const sealChanges: Partial<typeof seal>[] = [
      { root: event.previousHash },
      { date: '2026-11-21' },
      { count: seal.count + 1 },
      { lastPosition: event.position },
      { firstPosition: event.position },
      { previous: { date: '2026-11-21', root: seal.root, lastPosition: '' } },
      { signature: seal.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
      { signature: '' },
    ]
    for (const change of sealChanges)
      expect(fault({ ...proof, seal: { ...seal, ...change } })).toBe('signature_invalid')
  })

  test('signed by another key holds only for who trusts that key', async () => {
    const { gateway, payments, proofOf } = await openPaid()
    await endDay(gateway)
    const proof = (await proofOf(payments[0])).body
    const stranger = signer(new Uint8Array(32).fill(8)).publicKey
    expect(fault(proof, stranger)).toBe('key_differs')
    expect(fault({ ...proof, seal: { ...proof.seal, publicKey: stranger } }, stranger)).toBe(
      'signature_invalid',
    )
    const noKey = { ...proof, seal: { ...proof.seal, publicKey: 'no key' } }
    expect(fault(noKey, 'no key')).toBe('signature_invalid')
  })
})

describe('seals', () => {
  test('are anybody to read, newest first, in pages', async () => {
    const { gateway } = await openPaid()
    expect((await gateway.call('GET', '/v1/seals')).body).toEqual({ data: [], nextCursor: null })
    for (let day = 0; day < 3; day += 1) await endDay(gateway)
    const all = (await gateway.call('GET', '/v1/seals')).body.data
    expect(all.map(({ date }: { date: string }) => date)).toEqual(['2026-11-24', '2026-11-23', '2026-11-22'])
    const first = (await gateway.call('GET', '/v1/seals?limit=2')).body
    expect(first).toEqual({ data: all.slice(0, 2), nextCursor: '2026-11-23' })
    const second = (await gateway.call('GET', '/v1/seals?limit=2&cursor=2026-11-23')).body
    expect(second).toEqual({ data: all.slice(2), nextCursor: null })
    for (const seal of all) expect((await gateway.call('GET', `/v1/seals/${seal.date}`)).body).toEqual(seal)
  })

  test.each(['2026-11-21', 'today', '2026-13-01'])('there is none of %s', async (date) => {
    const { gateway } = await openPaid()
    expect((await gateway.call('GET', `/v1/seals/${date}`)).status).toBe(404)
  })

  test('come by themselves when a gateway opens on a log whose days are over', async () => {
    let instant = new Date('2026-11-20T03:00:00.000Z')
    const store = memoryEventStore({ now: () => instant })
    await store.append('payment-1', 0, [{ id: 'e1', type: 'Asked', data: {}, metadata: {} }])
    instant = new Date('2026-11-22T03:00:00.000Z')
    const gateway = await openTestGateway({ around: () => store })
    onTestFinished(() => gateway.stop())
    await eventually('the day is sealed', async () => (await store.read('seal-2026-11-20')).length === 1)
  })
})
