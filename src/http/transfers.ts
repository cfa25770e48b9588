// GET /v1/transfers: all outgoing money, of refunds and returns, newest first; what failed is found by its status.
import { z } from '@hono/zod-openapi'
import type { TransferRow } from '../../projections/transfers.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { endpoint } from './endpoint.ts'
import { id, instant, page, pageQuery, paymentId } from './schemas.ts'
import { transferFields, transferStatuses } from './transferView.ts'

const ListedTransfer = z
  .object({
    ...transferFields,
    paymentId: paymentId.optional(),
    refundId: id('ref', 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ').optional(),
    merchantId: id('mer', 'mer_7K3MA').optional(),
    createdAt: instant,
  })
  .openapi('Transfer')

const view = (row: TransferRow) => ({
  id: row.id,
  status: row.status,
  amount: formatMoney(money(row.amount, row.currency as Currency)),
  currency: row.currency,
  creditId: row.creditId,
  ...(row.failure !== null && { failure: row.failure }),
  ...(row.paymentId !== null && { paymentId: row.paymentId }),
  ...(row.refundId !== null && { refundId: row.refundId }),
  ...(row.merchantId !== null && { merchantId: row.merchantId }),
  createdAt: row.requestedAt,
})

const listTransfers = endpoint({
  method: 'get',
  path: '/v1/transfers',
  summary: 'List outgoing money, newest first',
  tag: 'Refunds',
  access: ['operator', 'merchant'],
  query: z.strictObject({ ...pageQuery, status: z.enum(transferStatuses).optional() }),
  reply: { status: 200, description: 'A page of transfers', schema: page(ListedTransfer) },
  run: async ({ query: { limit, cursor, status }, caller }, { readModels }) => {
    const filter = {
      ...(caller!.merchantId !== undefined && { merchantId: caller!.merchantId }),
      ...(status !== undefined && { status }),
    }
    const { rows, nextCursor } = await readModels.listTransfers(filter, { limit, cursor })
    return { status: 200, body: { data: rows.map(view), nextCursor } }
  },
})

export const transferEndpoints = [listTransfers]
