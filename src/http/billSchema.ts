// A biller's file as the API's description shows it. What is checked in a row, and the cures, are in billRow.ts.
import { z } from '@hono/zod-openapi'
import { amount } from './schemas.ts'

const date = (example: string) =>
  z.string().openapi({ example, description: `\`${example}\` or \`DD/MM/YYYY\`` })

export const UploadedBill = z
  .object({
    billNumber: z
      .string()
      .regex(/^[A-Za-z0-9._/-]{1,40}$/)
      .openapi({ example: 'HD-2026-11-000123', description: "The biller's own; names the bill for ever" }),
    customerCode: z.string().optional().openapi({ example: 'PD13000123456' }),
    amount: amount.optional().openapi({ example: '512000', description: 'Đồng in digits only' }),
    currency: z.literal('VND').optional().openapi({ description: '`VND`, also where it is absent' }),
    issuedOn: date('2026-11-05').optional(),
    dueOn: date('2026-11-20').optional(),
    period: z.string().optional().openapi({ example: '2026-11' }),
    customerName: z.string().optional().openapi({ example: 'Nguyễn Văn A' }),
    customerPhone: z.string().optional().openapi({ example: '0912345678' }),
    customerAddress: z.string().optional().openapi({ example: '12 Tràng Tiền, Hoàn Kiếm' }),
    status: z.enum(['open', 'canceled', 'paid']).optional().openapi({
      description:
        '`open` where it is absent, and then customerCode, amount, issuedOn and dueOn are required; `canceled` and `paid` need no more than billNumber',
    }),
    supersedes: z
      .string()
      .optional()
      .openapi({ description: 'The number of the bill for which this one stands' }),
  })
  .openapi('UploadedBill')

const first = {
  billNumber: 'HD-2026-11-000123',
  customerCode: 'PD13000123456',
  amount: '512000',
  currency: 'VND',
  issuedOn: '2026-11-05',
  dueOn: '2026-11-20',
  period: '2026-11',
  customerName: 'Nguyễn Văn A',
}
const second = { billNumber: 'HD-2026-10-000077', status: 'canceled' }
const columns = [...Object.keys(first), 'status']
const cells = (bill: Record<string, string>) => columns.map((name) => bill[name] ?? '').join(',')

/** What may be sent, by media type. */
export const billFiles = {
  'application/json': {
    schema: z.union([z.array(UploadedBill), z.object({ bills: z.array(UploadedBill) })]),
    example: { bills: [first, second] },
  },
  'text/csv': {
    schema: z
      .string()
      .openapi({ description: 'The first row names the columns: the fields of UploadedBill' }),
    example: [columns.join(','), cells(first), cells(second), ''].join('\n'),
  },
  'application/x-ndjson': {
    schema: z.string().openapi({ description: 'UploadedBill, one a line' }),
    example: [first, second].map((bill) => `${JSON.stringify(bill)}\n`).join(''),
  },
}
