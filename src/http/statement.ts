// Account statements on the wire: what is asked for, and a line.
import { z } from '@hono/zod-openapi'
import { amount, id, instant } from './schemas.ts'

/** Of one currency; instants as the log writes them, `to` not included. */
export type StatementQuery = {
  readonly currency: string
  readonly from: string
  readonly to: string
  readonly limit: number
  readonly cursor: string | undefined
}

export const StatementLine = z
  .object({
    recordedAt: instant,
    event: z.string().openapi({ example: 'PaymentPaid' }),
    source: z.string().openapi({
      description: 'The payment, credit or other whose event it is',
      example: 'pay_7K3MA9QZXW4F2P8R60',
    }),
    merchantId: id('mer', 'mer_7K3MA').optional(),
    kind: z.string().optional().openapi({ description: 'Why money moved', example: 'refund' }),
    amount: amount.openapi({ description: 'Signed: how much more (or less) the account holds by it' }),
    balance: amount.openapi({ description: 'What the account holds after it' }),
    gross: amount.optional(),
    refund: amount.optional(),
    fee: amount.optional(),
    vat: amount.optional(),
  })
  .openapi('StatementLine')

export type Statement = {
  readonly opening: string
  readonly closing: string
  readonly data: readonly z.input<typeof StatementLine>[]
  readonly nextCursor: string | null
}
