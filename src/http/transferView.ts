// An outgoing transfer as the API shows it inside a refund or a returned credit.
import { z } from '@hono/zod-openapi'
import { formatMoney } from '../domain/core/money.ts'
import type { Transfer } from '../domain/payments/transfer.ts'
import { amount, currency, id } from './schemas.ts'

export const transferStatuses = ['requested', 'sent', 'unknown', 'completed', 'failed'] as const

export const transferFields = {
  id: z.string().openapi({ example: 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ-1' }),
  status: z.enum(transferStatuses),
  amount,
  currency,
  creditId: id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ').openapi({ description: 'Goes back to its sender' }),
  failure: z.string().optional().openapi({ description: 'Why it failed, in the words of the bank' }),
}

export const TransferView = z.object(transferFields)

export const transferView = ({ transferId, status, amount, creditId, failure }: Transfer) => ({
  id: transferId,
  status,
  amount: formatMoney(amount),
  currency: amount.currency,
  creditId,
  ...(status === 'failed' && failure !== undefined && { failure }),
})
