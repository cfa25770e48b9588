// Prometheus metrics by prom-client.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Recorded } from '../../domain/core/eventStore.ts'
import type { AttemptOutcome } from '../../domain/webhooks/delivery.ts'
import type { Lag, Services } from '../../http/services.ts'
import type { TillCount } from '../iso8583/listener/connection.ts'
import type { AppendCounts } from './countedAppends.ts'

export type Metrics = Services['metrics'] & {
  readonly count: (events: readonly Recorded[]) => void
  /** An attempt to deliver a webhook message. */
  readonly delivery: (outcome: AttemptOutcome) => void
  /** What happened on the connections of tills. */
  readonly countTill: (name: TillCount) => void
}

type Measured = {
  readonly lags: () => Promise<readonly Lag[]>
  readonly setAside: Services['setAside']
  readonly ledgerDifference: () => Promise<bigint>
  readonly appends: AppendCounts
  readonly acquirerUp?: (() => boolean) | undefined
  /** Where there are other gateways: how far their clocks are from this one's. */
  readonly clocksApartMs?: (() => number) | undefined
}

export function createMetrics(measured: Measured): Metrics {
  const { lags, setAside, ledgerDifference, appends, acquirerUp, clocksApartMs } = measured
  const registers = [new Registry()]
  collectDefaultMetrics({ register: registers[0]! })
  const requests = new Histogram({
    name: 'thungan_http_request_duration_seconds',
    help: 'Time to answer, by route (not path), method and status.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers,
  })
  const events = new Counter({
    name: 'thungan_events_total',
    help: 'Events seen in the log since this process started, by type.',
    labelNames: ['type'] as const,
    registers,
  })
  const deliveries = new Counter({
    name: 'thungan_webhook_deliveries_total',
    help: 'Attempts to deliver a webhook message, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  })
  const tills = new Counter({
    name: 'thungan_till_messages_total',
    help: 'Connections and ISO 8583 messages of tills, by what became of them.',
    labelNames: ['outcome'] as const,
    registers,
  })
  new Gauge({
    name: 'thungan_lag_seconds',
    help: 'How far each reader is behind the log.',
    labelNames: ['reader'] as const,
    registers,
    async collect() {
      this.reset()
      for (const { name, behindMs } of await lags().catch(() => []))
        this.set({ reader: name }, behindMs / 1000)
    },
  })
  new Gauge({
    name: 'thungan_set_aside_events',
    help: 'Events that a process could not handle and set aside: somebody must look.',
    labelNames: ['reader'] as const,
    registers,
    collect() {
      this.reset()
      for (const { reader, count } of setAside()) this.set({ reader }, count)
    },
  })
  new Gauge({
    name: 'thungan_trial_balance_difference',
    help: 'Debits less credits of the whole ledger, in minor units: 0, unless something is wrong; NaN while the books cannot be read.',
    registers,
    async collect() {
      this.set(await ledgerDifference().then(Number, () => Number.NaN)) // the other metrics are wanted then, too
    },
  })
  new Counter({
    name: 'thungan_appends_total',
    help: 'Appends to the log by how they ended: conflict, when another was first and the command decides again.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      this.reset()
      for (const [result, count] of Object.entries(appends)) this.inc({ result }, count)
    },
  })
  if (clocksApartMs)
    new Gauge({
      name: 'thungan_clocks_apart_seconds',
      help: "How far the clock of another gateway is from this one's, the farthest of the last minute.",
      registers,
      collect() {
        this.set(clocksApartMs() / 1000)
      },
    })
  if (acquirerUp)
    new Gauge({
      name: 'thungan_acquirer_up',
      help: 'Whether we are signed on to the card acquirer: 1 or 0.',
      registers,
      collect() {
        this.set(acquirerUp() ? 1 : 0)
      },
    })
  return {
    render: () => registers[0]!.metrics(),
    observe: (route, method, status, seconds) => requests.observe({ route, method, status }, seconds),
    delivery: (outcome) => deliveries.inc({ outcome }),
    countTill: (outcome) => tills.inc({ outcome }),
    count: (batch) => {
      const counts = new Map<string, number>()
      for (const { type } of batch) counts.set(type, (counts.get(type) ?? 0) + 1)
      for (const [type, count] of counts) events.inc({ type }, count)
    },
  }
}
