// What tests of money that leaves need: a bank that names the payer, a way out that answers as told, and waiting for outcomes.
import type { TransferOutcome } from '../../src/domain/payments/transfer.ts'
import type { OutgoingTransfer, TransferConnector } from '../../src/domain/payments/transferConnector.ts'
import { type Answer, type Bank, eventually, pay, type Shop, type TestGateway } from './gateway.ts'

export const payer = { name: 'NGUYEN VAN A', bankBin: '970436', accountNumber: '1900000000001' }

/** A pretend bank that answers from a list, then `completed`; it remembers what it was told to send and asked. */
export function scriptedBank(...answers: TransferOutcome[]) {
  const sent: OutgoingTransfer[] = []
  const asked: string[] = []
  const next = async (): Promise<TransferOutcome> => answers.shift() ?? { status: 'completed' }
  const connector: TransferConnector = {
    send: (transfer) => {
      sent.push(transfer)
      return next()
    },
    ask: ({ transferId }) => {
      asked.push(transferId)
      return next()
    },
  }
  return { connector, sent, asked }
}

/** The bank says that a payment was paid by a named payer. */
export const payFrom = (
  gateway: TestGateway,
  bank: Bank,
  payment: { amount: string; reference: string },
  transactionId: string,
  changes: object = {},
): Promise<Answer> => pay(gateway, bank, payment, transactionId, { payer, ...changes })

export const post = (
  { call }: TestGateway,
  path: string,
  key: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<Answer> => call('POST', path, { key, body, headers })

export const refund = (
  gateway: TestGateway,
  { key }: Shop,
  paymentId: string,
  body: object = { amount: '25000', reason: 'returned goods' },
  headers: Record<string, string> = {},
): Promise<Answer> => post(gateway, `/v1/payments/${paymentId}/refunds`, key, body, headers)

export const read = async (gateway: TestGateway, { key }: Pick<Shop, 'key'>, path: string) =>
  (await gateway.call('GET', path, { key })).body

/** What is at a path once a field has a value. */
export async function becomes(
  gateway: TestGateway,
  shop: Pick<Shop, 'key'>,
  path: string,
  field: string,
  value: string,
) {
  await eventually(
    `${field} of ${path} is ${value}`,
    async () => (await read(gateway, shop, path))?.[field] === value,
  )
  return read(gateway, shop, path)
}

/** How many events the log holds. */
export const logged = async ({ store }: TestGateway): Promise<number> =>
  (await store.readAll('', 100_000)).length
