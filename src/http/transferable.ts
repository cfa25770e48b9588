// What a VietQR can ask for: đồng, and no more than one transfer moves.
import type { Money } from '../domain/core/money.ts'
import { transferAmountMax } from '../domain/qr/vietQrRules.ts'
import { invalid } from './problem.ts'

export function expectTransferable({ minor, currency }: Money): void {
  if (currency !== 'VND')
    throw invalid({
      pointer: '/currency',
      detail: 'A VietQR is paid in VND.',
      code: 'currency_not_supported',
    })
  if (minor > transferAmountMax)
    throw invalid({
      pointer: '/amount',
      detail: `A VietQR transfer moves at most ${transferAmountMax} VND.`,
      code: 'amount_over_transfer_limit',
    })
}
