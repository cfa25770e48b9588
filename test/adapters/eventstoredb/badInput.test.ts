// What is no usable EventStoreDB, and events that others wrote among ours: named with what to do, and nothing goes wrong quietly.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/core/eventStore.ts'
import type { EventStoreDouble } from '../../support/eventstoredb/double.ts'
import { idsOf, newEvent, openDouble, openStore, take } from '../../support/eventstoredb/store.ts'

const tls = {
  cert: readFileSync('test/vectors/tls/localhost.pem'),
  key: readFileSync('test/vectors/tls/localhost.key'),
}

async function otherProgram(): Promise<{ port: number; close: () => void }> {
  const web = createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1')
  await new Promise((resolve) => web.once('listening', resolve))
  return { port: (web.address() as AddressInfo).port, close: () => web.close() }
}

async function otherService(): Promise<{ port: number; close: () => void }> {
  const server = new Server()
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return { port, close: () => server.forceShutdown() }
}

describe('an address at which there is no usable EventStoreDB is named by EVENTSTORE_URL, with what to do:', () => {
  const refusal = async (url: string): Promise<Error> => {
    const store = openStore(url, { patienceMs: 100 })
    const refused = await store.append('payment-1', 0, [newEvent()]).catch((error: Error) => error)
    expect(refused).toBeInstanceOf(StoreUnavailable)
    const { message } = refused as Error
    expect(message).toContain('EVENTSTORE_URL')
    expect(message).not.toContain('s3cret')
    return refused as Error
  }

  it('nobody there', async () => {
    const { message } = await refusal('esdb://thungan:s3cret@127.0.0.1:1?tls=false')
    expect(message).toContain('nothing listens there')
  })
  it('a cluster of which nobody is there', async () => {
    const url = 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=1&discoveryInterval=1'
    expect((await refusal(url)).message).toContain('are its nodes up, and hosts and tls as they say?')
  })
  it('a node that does not speak TLS', async () => {
    const { url } = await openDouble()
    expect((await refusal(url.replace('tls=false', 'tls=true'))).message).toContain('write tls=false')
  })
  it('a node that speaks nothing else', async () => {
    const { url } = await openDouble({ tls })
    expect((await refusal(url.replace('tls=true', 'tls=false'))).message).toContain(
      'hosts and tls as they say?',
    )
  })
  it('a certificate that nobody trusts', async () => {
    const { url } = await openDouble({ tls })
    expect((await refusal(url)).message).toContain('name who signed it, tlsCAFile=')
  })
  it('another program', async () => {
    const { port, close } = await otherProgram()
    const { message } = await refusal(`esdb://127.0.0.1:${port}?tls=false`)
    close()
    expect(message).toContain('what listens there is no EventStoreDB')
  })
  it('another service that speaks gRPC', async () => {
    const { port, close } = await otherService()
    const { message } = await refusal(`esdb://127.0.0.1:${port}?tls=false`)
    close()
    expect(message).toBe('EVENTSTORE_URL names no EventStoreDB, or one before 22.6')
  })
})

/** As somebody else writes, who does not know what a gateway puts beside an event. */
function writeForeign({ log }: EventStoreDouble, stream: string): void {
  const metadata = new Map([
    ['type', 'OrderPlaced'],
    ['content-type', 'application/json'],
  ])
  const bytes = Buffer.from('{}')
  log.append(stream, BigInt(log.stream(stream)?.length ?? 0) - 1n, [
    { id: 'foreign', metadata, data: bytes, customMetadata: bytes },
  ])
}

describe('events that others wrote', () => {
  it('to streams of their own are passed over', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const [first, second] = [newEvent(), newEvent()]
    await store.append('payment-1', 0, [first])
    writeForeign(double, 'orders-1')
    await store.append('payment-1', 1, [second])
    expect(idsOf(await store.readAll('', 10))).toEqual(idsOf([first, second]))
  })

  it('to a stream of ours stop who reads it, with its name and what to do; other streams go on', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    await store.append('payment-1', 0, [newEvent()])
    writeForeign(double, 'thungan.payment-1')
    const message = /^Event foreign of thungan\.payment-1 was not written by a gateway: let nobody else write/
    await expect(store.read('payment-1')).rejects.toThrow(message)
    await expect(store.readAll('', 10)).rejects.toThrow(message)
    await expect(take(store.follow('', new AbortController().signal), 2)).rejects.toThrow(message)
    expect(await store.append('payment-2', 0, [newEvent()])).toMatchObject({ status: 'appended' })
  })

  it('to a stream of ours are not written behind: what was decided without them is a conflict', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    await store.append('payment-1', 0, [newEvent()])
    writeForeign(double, 'thungan.payment-1')
    await expect(store.append('payment-1', 1, [newEvent()])).rejects.toThrow(StoreUnavailable)
    expect(double.log.stream('thungan.payment-1')).toHaveLength(2)
  })
})
