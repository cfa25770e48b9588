// Traces: a transfer that somebody looks for.
import type { Shop, TestGateway } from './gateway.ts'
import { post } from './money.ts'

export const sought = { amount: '125000', occurredAt: '2026-11-22' }

/** The address of a trace that a shop has opened. */
export async function openTrace(gateway: TestGateway, { key }: Pick<Shop, 'key'>): Promise<string> {
  return `/v1/traces/${(await post(gateway, '/v1/traces', key, sought)).body.id}`
}
