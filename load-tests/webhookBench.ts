// How many webhook messages a second reach one local receiver, strictly in order, and what the reader costs while nobody has
// an endpoint. Run: node load-tests/webhookBench.ts
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { assemble } from '../src/adapters/node/assemble.ts'
import { newEventId } from '../src/adapters/node/eventIds.ts'
import { createLog } from '../src/adapters/node/log.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { sqliteWebhookQueue } from '../src/adapters/sqlite/webhookQueue.ts'
import type { NewEvent, Recorded } from '../src/domain/core/eventStore.ts'

const messages = 10_000
const idleEvents = 200_000
const merchantId = 'mer_7K3MA'

/** The receiver, a process of its own: counts, and says so when a number does not follow the one before. */
function receive(): void {
  let last = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const sequence = Number(request.headers['thungan-sequence'])
      if (sequence !== last + 1) process.send!({ gap: [last, sequence] })
      last = sequence
      if (last === messages) process.send!({ done: true })
      response.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
}

const requested = (): NewEvent => ({
  id: newEventId(),
  type: 'PaymentRequested',
  data: {
    merchantId,
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount: { amount: '125000', currency: 'VND' },
    fee: { amount: '0', currency: 'VND' },
    payTo: { bankBin: '970422', accountNumber: '0123456789' },
    latePolicy: { mode: 'hold' },
    expiresAt: '2036-01-01T00:15:00.000Z',
    requestedAt: '2026-01-01T00:00:00.000Z',
  },
  metadata: {},
})
const issued = (): NewEvent => ({
  id: newEventId(),
  type: 'QrIssued',
  data: { payload: '0002' },
  metadata: {},
})
const streamOf = (number: number): string => `payment-pay_7K3MA${String(number).padStart(12, '0')}0`

async function deliver(payload: 'thin' | 'full', signature: 'v1' | 'v1a'): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'thungan-webhook-bench-'))
  const now = () => new Date()
  const receiver = fork(fileURLToPath(import.meta.url), ['receive'])
  const [{ port }] = (await once(receiver, 'message')) as [{ port: number }]
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now })
  const settings = {
    version: '0',
    publicUrl: 'http://127.0.0.1',
    sandbox: true,
    masterKey: new Uint8Array(32).fill(7),
    lagMaxMs: 5_000,
  }
  const assembly = await assemble({ store, dataDir, now, settings, log: createLog('error') })
  const target = { merchantId, url: `http://127.0.0.1:${port}/hooks`, events: ['payment.created'] }
  const data = { ...target, payload, signature, registeredAt: now().toISOString() }
  const register = { type: 'RegisterWebhookEndpoint', data } as const
  await assembly.services.gateway.webhookEndpoints.handle('whe_7K3MA00000000001', register, {})
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const heard = once(receiver, 'message')
  for (let number = 0; number < messages; number += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        store.append(streamOf(number + index), 0, [requested(), issued()]),
      ),
    )
  const [said] = (await heard) as [{ done?: true; gap?: number[] }]
  if (!said.done) throw new Error(`a gap: ${said.gap}`)
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  await assembly.stop()
  receiver.kill()
  rmSync(dataDir, { recursive: true })
  const micros = Math.round((user + system) / messages)
  return `${payload} ${signature}: ${Math.round(messages / seconds)} messages/s, ${micros} µs CPU each with the events they tell of`
}

/** What counting costs an event when there is no endpoint at all. */
function idle(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'thungan-webhook-bench-'))
  const queue = sqliteWebhookQueue(join(dataDir, 'webhooks.sqlite'))
  queue.checkpoint()
  const event = { ...requested(), stream: streamOf(1), version: 1, recordedAt: '', hash: '' }
  const batches = Array.from({ length: idleEvents / 100 }, (_, batch) =>
    Array.from(
      { length: 100 },
      (_, at): Recorded => ({ ...event, position: String(batch * 100 + at).padStart(16, '0') }),
    ),
  )
  const begun = performance.now()
  for (const batch of batches) queue.take(batch)
  const nanos = Math.round(((performance.now() - begun) * 1e6) / idleEvents)
  queue.close()
  rmSync(dataDir, { recursive: true })
  return `no endpoint: ${nanos} ns an event, in batches of 100`
}

if (process.argv[2] === 'receive') receive()
else {
  console.log(idle())
  for (const [payload, signature] of [
    ['thin', 'v1'],
    ['full', 'v1'],
    ['thin', 'v1a'],
  ] as const) {
    console.log(await deliver(payload, signature))
    await sleep(200)
  }
}
