// How many events a second `thungan verify` checks, and how much memory it takes, on logs of growing size.
// Run: node load-tests/verifyBench.ts [events...]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { checkSignature, signer } from '../src/adapters/node/signer.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { verifyLog } from '../src/adapters/sqlite/verifyLog.ts'
import type { EventStore, NewEvent } from '../src/domain/core/eventStore.ts'
import { openGateway } from '../src/domain/gateway.ts'
import { daySealer } from '../src/domain/proof/sealDays.ts'

const sizes = process.argv.slice(2).map(Number)
const days = 10
const dayMs = 86_400_000
const together = 500

let number = 0
const event = (type: string): NewEvent => {
  number += 1
  return {
    id: `019a3c5e-0000-7000-8000-${String(number).padStart(12, '0')}`,
    type,
    data: {
      merchantId: 'mer_0A1B2',
      siteId: 'sit_0A1B2C3D4E',
      terminalId: 'ter_0A1B2C3D4E',
      amount: { amount: '125000', currency: 'VND' },
      description: 'Cà phê sữa đá, bánh mì, quầy 3',
      expiresAt: '2026-01-01T00:15:00.000Z',
      orderId: 'order-2026-000001',
    },
    metadata: {
      actor: 'key_0A1B2C3D4E5F',
      correlationId: 'crd_0A1B2C3D4E5F6G7H8J',
      commandId: 'cmd_0A1B2C3D4E5F',
    },
  }
}

/** Payments of four events each: asked for together, paid together a while later. */
async function fill(store: EventStore, count: number, clock: { now: number }): Promise<void> {
  const payments = count / 4
  for (let first = 0; first < payments; first += together) {
    const streams = Array.from(
      { length: Math.min(together, payments - first) },
      (_, index) => `payment-pay_${first + index}`,
    )
    await Promise.all(
      streams.map((stream) => store.append(stream, 0, [event('PaymentRequested'), event('QrIssued')])),
    )
    clock.now += (dayMs * days * together) / payments
    await Promise.all(
      streams.map((stream) => store.append(stream, 2, [event('CreditApplied'), event('PaymentPaid')])),
    )
  }
}

async function seal(store: EventStore, clock: { now: number }): Promise<number> {
  clock.now += dayMs
  const gateway = openGateway({
    store,
    newEventId: () => event('').id,
    cache: { get: () => undefined, set: () => {} },
  })
  const started = performance.now()
  await daySealer({
    readAll: store.readAll,
    seals: gateway.seals,
    digest: nodeCrypto.hash,
    signer: signer(new Uint8Array(32)),
    now: () => new Date(clock.now),
    nextTurn,
  })(new AbortController().signal)
  return (performance.now() - started) / 1000
}

for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-verify-bench-'))
  const file = join(folder, 'events.sqlite')
  const clock = { now: Date.parse('2026-11-01T00:00:00Z') }
  const store = sqliteEventStore({ file, now: () => new Date(clock.now) })
  await fill(store, size, clock)
  const sealing = await seal(store, clock)
  await store.close()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const result = await verifyLog({ file, checkSignature })
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const perSecond = Math.round(result.events / seconds).toLocaleString('en')
  const cpuSeconds = (used.user + used.system) / 1e6
  const perCpuSecond = Math.round(result.events / cpuSeconds).toLocaleString('en')
  const megabytes = (bytes: number) => Math.round(bytes / 1e6).toLocaleString('en')
  if (result.finding) throw new Error(JSON.stringify(result.finding))
  console.log(
    `${result.events.toLocaleString('en')} events, ${result.seals} seals, ${megabytes(statSync(file).size)} MB: verified ${perSecond} events/s (${perCpuSecond} per CPU second), ${megabytes(process.memoryUsage().rss)} MB resident; sealed in ${sealing.toFixed(1)} s`,
  )
  rmSync(folder, { recursive: true })
}
