// Published months: each answer is counted once, from read models that need not be there afterwards, and months of nothing take no place.
import { expect, test } from 'vitest'
import type { ReadModels } from '../../projections/readModels.ts'
import { openPublished } from '../../src/adapters/node/published.ts'

const readModels = { bands: async () => [], sitesOn: async () => [], outcomes: async () => [] }

function publishedOver(position: string) {
  const asked: string[] = []
  const knownAt = async (instant: string) => {
    asked.push(instant)
    return { position, readModels: readModels as unknown as ReadModels }
  }
  return { asked, published: openPublished(knownAt, async () => []) }
}

test('what is counted of a month under a name is counted once; what failed is counted again', async () => {
  const { asked, published } = publishedOver('7')
  const month = await published('2026-08')
  let counts = 0
  const count = async () => {
    counts += 1
    if (counts === 1) throw new Error('busy')
    return counts
  }
  await expect(month.counted('rates', count)).rejects.toThrow('busy')
  expect(await month.counted('rates', count)).toBe(2)
  expect(await (await published('2026-08')).counted('rates', count)).toBe(2)
  expect(asked).toHaveLength(3) // for the month itself, and for the two counts
})

test('months before the first event take no place of others', async () => {
  const { asked, published } = publishedOver('')
  await published('1990-01')
  await published('1990-01')
  expect(asked).toHaveLength(2)
})
