// One seal and one proof to the last byte: what outsiders have kept must be checked by every later version.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { checkSignature } from '../../src/adapters/node/signer.ts'
import { type InclusionProof, inclusionProof, proofFault } from '../../src/domain/proof/inclusion.ts'
import type { Seal } from '../../src/domain/proof/seal.ts'
import { sealDays, testSigner } from '../support/seals.ts'

const file = new URL('proofs/PaymentPaid.v1.json', import.meta.url)

/** A payment among others on the second day of a log, the same on every run. */
async function proofOfAPayment(): Promise<InclusionProof> {
  let instant = Date.parse('2026-11-21T03:00:00.000Z')
  const store = memoryEventStore({ now: () => new Date(instant) })
  const append = async (stream: string, version: number, type: string, data: object) => {
    const id = `019a3c5e-0000-7000-8000-${instant.toString().slice(-12)}`
    await store.append(stream, version, [{ id, type, data, metadata: { actor: 'matchCredits' } }])
    instant += 1_000
  }
  const paid = { merchantId: 'mer_7K3MA', amount: { amount: '125000', currency: 'VND' }, note: 'Cà phê' }
  await append('payment-pay_1', 0, 'PaymentRequested', {})
  instant += 86_400_000
  for (const number of [2, 3, 4]) await append(`payment-pay_${number}`, 0, 'PaymentRequested', {})
  await append('payment-pay_3', 1, 'PaymentPaid', paid)
  await append('payment-pay_4', 1, 'PaymentPaid', paid)
  await sealDays(store, () => new Date(instant + 86_400_000))
  const stream = await store.read('payment-pay_3')
  const [sealed] = await store.read('seal-2026-11-22')
  return inclusionProof(stream[1]!, stream, sealed!.data as Seal, {
    readAll: store.readAll,
    digest: nodeCrypto.hash,
  })
}

test('the proof document is what it has always been', async () => {
  const document = `${JSON.stringify(await proofOfAPayment(), null, 2)}\n`
  await expect(document).toMatchFileSnapshot('proofs/PaymentPaid.v1.json')
})

test('the kept document still holds', () => {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as InclusionProof
  expect(proofFault(kept, nodeCrypto.hash, checkSignature, testSigner.publicKey)).toBeUndefined()
})
