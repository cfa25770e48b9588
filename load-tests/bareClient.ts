// What EventStoreDB's client costs by itself: the CPU of one append and of one read that finds nothing new, with none of our code around it.
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client'

const calls = 5_000
const atOnce = 64

type Call = (number: number) => Promise<unknown>

async function microsOf(call: Call): Promise<number> {
  const run = async (count: number) => {
    let begun = 0
    const caller = async () => {
      while (begun < count) await call(begun++)
    }
    await Promise.all(Array.from({ length: atOnce }, caller))
  }
  await run(calls)
  const before = process.cpuUsage()
  await run(calls)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

export async function bareClient(url: string): Promise<{ readonly append: number; readonly read: number }> {
  const client = EventStoreDBClient.connectionString(url)
  const data = { merchantId: 'mer_0A1B2', amount: { amount: '125000', currency: 'VND' }, orderId: 'order-1' }
  const append = await microsOf(() => {
    const event = jsonEvent({ type: 'PaymentRequested', data, metadata: { hash: 'x'.repeat(64) } })
    return client.appendToStream(`bare-${randomUUID()}`, event, {
      expectedRevision: NO_STREAM,
      credentials: { username: 'a', password: 'b' }, // with them the client makes a call of each append, as the store does
    })
  })
  await client.appendToStream('bare-known', jsonEvent({ type: 'Known', data }))
  const read = await microsOf(async () => {
    for await (const _ of client.readStream('bare-known', { fromRevision: 1n })) throw new Error('not empty')
  })
  await client.dispose()
  return { append, read }
}
