// A proof for every event of days of many sizes, in blocks of many sizes, and after a day that came before.
import { beforeAll, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../../src/adapters/node/crypto.ts'
import { checkSignature } from '../../../src/adapters/node/signer.ts'
import type { EventStore, Recorded } from '../../../src/domain/core/eventStore.ts'
import { dayTreeBuilder } from '../../../src/domain/proof/dayTree.ts'
import { inclusionProof, proofFault } from '../../../src/domain/proof/inclusion.ts'
import { type Seal, sealOf } from '../../../src/domain/proof/seal.ts'
import { testSigner } from '../../support/seals.ts'

const digest = nodeCrypto.hash
const dayBefore = 3
let store: EventStore
let log: readonly Recorded[]
beforeAll(async () => {
  store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00.000Z') })
  for (let number = 0; number < 1_500; number += 1) {
    const pair = ['Asked', 'Paid'].map((type) => ({ id: `e${number}${type}`, type, data: {}, metadata: {} }))
    await store.append(`payment-${number}`, 0, pair)
  }
  log = await store.readAll('', 3_000)
})

/** The seal of the first events after the day before. */
function sealed(count: number, smallestBlock: number): Seal {
  const treeOf = (events: readonly Recorded[]) => {
    const builder = dayTreeBuilder(digest, smallestBlock)
    for (const event of events) builder.add(event)
    return builder.tree()!
  }
  const before = sealOf('2026-11-21', treeOf(log.slice(0, dayBefore)), undefined, testSigner)
  return sealOf('2026-11-22', treeOf(log.slice(dayBefore, dayBefore + count)), before, testSigner)
}

async function faultOf(index: number, seal: Seal): Promise<string | undefined> {
  const event = log[dayBefore + index]!
  const stream = await store.read(event.stream)
  const proof = await inclusionProof(event, stream, seal, { readAll: store.readAll, digest })
  expect(proof.path.index).toBe(index)
  return proofFault(proof, digest, checkSignature, testSigner.publicKey)
}

test.each([1, 2, 4, 1_024])('every event has its proof, in blocks of %d', async (smallestBlock) => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 30]) {
    const seal = sealed(count, smallestBlock)
    for (let index = 0; index < count; index += 1) expect(await faultOf(index, seal)).toBeUndefined()
  }
})

test('also in a day so large that its blocks were doubled, and in blocks that are read in several pages', async () => {
  for (const smallestBlock of [1, 2_048]) {
    const seal = sealed(2_900, smallestBlock)
    for (const index of [0, 1, 499, 500, 1_024, 2_047, 2_048, 2_899])
      expect(await faultOf(index, seal)).toBeUndefined()
  }
})

test('a log that is no longer the sealed one gives no proof', async () => {
  const seal = sealed(30, 4)
  const event = log[dayBefore + 5]!
  const changed: EventStore['readAll'] = async (after, limit) =>
    (await store.readAll(after, limit)).map((each) =>
      each.position === log[dayBefore + 6]!.position ? { ...each, hash: 'other' } : each,
    )
  const stream = await store.read(event.stream)
  const proving = inclusionProof(event, stream, seal, { readAll: changed, digest })
  await expect(proving).rejects.toThrow('the events of 2026-11-22 are not those that were sealed')
})
