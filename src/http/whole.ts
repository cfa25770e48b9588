// The amount of what can only be done wholly: it need not be said, and said must be all.
import { z } from '@hono/zod-openapi'
import { formatMoney, type Money } from '../domain/core/money.ts'
import { invalid } from './problem.ts'
import { amount, readMoney } from './schemas.ts'

export const whole = z.strictObject({
  amount: amount.optional().openapi({ description: 'All of it; a part cannot be canceled or voided' }),
})

export function mustBeWhole({ amount }: z.output<typeof whole>, all: Money): void {
  if (amount === undefined) return
  const { minor } = readMoney({ amount, currency: all.currency })
  if (minor !== all.minor)
    throw invalid({ pointer: '/amount', detail: `All or nothing: ${formatMoney(all)}.` })
}
