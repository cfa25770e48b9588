// What a payment of bills pays, a line each: for its checkout and its receipt.
import { type BillOrder, shareTotal } from '../../../domain/bills/billOrder.ts'
import { money } from '../../../domain/core/money.ts'
import { showMoney } from '../format.ts'
import type { Language } from '../language.ts'
import type { BillTexts } from './vietnamese.ts'

type Line = { readonly label: string; readonly value: string }

export function billLines(
  order: BillOrder | undefined,
  texts: BillTexts,
  language: Language,
): readonly Line[] {
  if (!order) return []
  const dong = (amount: string | bigint) => showMoney(money(BigInt(amount), 'VND'), language)
  const line = (label: string, amount: string | undefined): Line[] =>
    amount === undefined ? [] : [{ label, value: dong(amount) }]
  return [
    { label: texts.customerCode, value: order.customerCode },
    ...order.shares.map((share) => ({
      label: `${texts.bill} ${share.billNumber}`,
      value: `${dong(shareTotal(share))}${share.lateFee === '0' ? '' : ` (${texts.lateFee} ${dong(share.lateFee)})`}`,
    })),
    ...line(texts.payerFee, order.payerFee),
    ...line(texts.advance, order.advance),
  ]
}
