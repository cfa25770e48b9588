// What tests of settlement need: paid payments, days that pass, and the report as a merchant would check it.
import { createHash } from 'node:crypto'
import { type Answer, ask, type Bank, operatorKey, pay, type Shop, type TestGateway } from './gateway.ts'

let transfers = 0

/** A payment that is asked for and paid now. */
export async function sell(gateway: TestGateway, shop: Shop, bank: Bank, changes: object = {}) {
  const payment = await ask(gateway, shop, changes)
  await pay(gateway, bank, payment, `SE${++transfers}`)
  return payment as { id: string; amount: string }
}

/** One percent on each payment by QR, and ten of tax on it. */
export const chargeWithTax = ({ call }: TestGateway, { merchantId }: Shop): Promise<Answer> => {
  const body = { plans: [{ effectiveFrom: '2026-11-01', rate: '1', vatRate: '10' }] }
  return call('PUT', `/v1/fee-plans/${merchantId}/qr`, { key: operatorKey, body })
}

export const close = ({ call }: TestGateway, businessDate: string): Promise<Answer> =>
  call('POST', '/v1/settlements', { key: operatorKey, body: { businessDate } })

/** The clock stands at an instant: of the day that the gateway begins in, or later. */
export function at(gateway: TestGateway, instant: string): void {
  gateway.clock.now = new Date(instant)
}

export async function reportOf({ call }: TestGateway, key: string, id: string) {
  const { status, text, headers } = await call('GET', `/v1/settlements/${id}/report.csv`, { key })
  const lines = text.split('\n').filter((line) => line !== '')
  const [head = '', ...rest] = lines.filter((line) => !line.startsWith('#'))
  const names = head.split(',')
  const rows = rest.map((line) =>
    Object.fromEntries(line.split(',').map((cell, index) => [names[index]!, cell])),
  )
  return { status, text, headers, rows, hash: hashOfLines(text) }
}

/** As docs/settlement.md tells merchants: all but the lines that begin with #. */
export const hashOfLines = (text: string): string =>
  createHash('sha256')
    .update(
      text
        .split(/(?<=\n)/)
        .filter((line) => !line.startsWith('#'))
        .join(''),
    )
    .digest('hex')

export const sumOf = (rows: readonly Record<string, string>[], column: string): bigint =>
  rows.reduce((sum, row) => sum + BigInt(row[column]!), 0n)
