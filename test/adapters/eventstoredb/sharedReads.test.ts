// Reads that are shared: few are sent, and nobody is told less than what was recorded when they asked.
import { expect, it } from 'vitest'
import { sharingReads } from '../../../src/adapters/eventstoredb/sharedReads.ts'
import type { Recorded } from '../../../src/domain/core/eventStore.ts'

/** A store whose answers are given by hand, in the order of the reads. */
function byHand() {
  const open: PromiseWithResolvers<readonly Recorded[]>[] = []
  const asked: string[] = []
  const read = sharingReads((stream, afterVersion) => {
    asked.push(`${stream} ${afterVersion}`)
    const answer = Promise.withResolvers<readonly Recorded[]>()
    open.push(answer)
    return answer.promise
  })
  return { read, open, asked }
}
const [before, after] = [['before'], ['after']] as unknown as (readonly Recorded[])[]

it('who asks while a read is under way is answered by the next one, and all who do by the same', async () => {
  const { read, open, asked } = byHand()
  const first = read('key-1', 3)
  const others = [read('key-1', 3), read('key-1', 3), read('key-1', 3)]
  expect(asked).toHaveLength(1)
  open[0]!.resolve(before!)
  expect(await first).toBe(before)
  await expect.poll(() => asked.length).toBe(2)
  const later = read('key-1', 3) // the second is under way: this is for a third
  open[1]!.resolve(after!)
  expect(await Promise.all(others)).toEqual([after, after, after])
  await expect.poll(() => asked.length).toBe(3)
  open[2]!.resolve(after!)
  expect(await later).toBe(after)
  void read('key-1', 3)
  expect(asked).toHaveLength(4)
})

it('another stream and another version are reads of their own', () => {
  const { read, asked } = byHand()
  void read('key-1', 3)
  void read('key-1', 4)
  void read('key-2', 3)
  expect(asked).toEqual(['key-1 3', 'key-1 4', 'key-2 3'])
})

it('a read that fails fails for those who shared it, and the next is a new one', async () => {
  const { read, open } = byHand()
  const first = read('key-1', 3)
  const second = read('key-1', 3)
  open[0]!.reject(new Error('no answer'))
  await expect(first).rejects.toThrow('no answer')
  await expect.poll(() => open.length).toBe(2)
  open[1]!.resolve(after!)
  expect(await second).toBe(after)
})
