// Figures from outside that no target is about and that definitions divide by or show: their names, and what fits.
import type { Definition } from './definition.ts'

export const references = {
  population: 'count',
  'adult-population': 'count',
  'non-cash-sales-share': 'percent',
} as const satisfies Record<string, 'count' | 'percent'>
export type Reference = keyof typeof references

export const unitOfReference = (indicator: string): 'count' | 'percent' | undefined =>
  Object.hasOwn(references, indicator) ? references[indicator as Reference] : undefined

export const nonCashSalesShare: Definition = {
  id: 'non-cash-sales-share',
  label: { vi: 'Tỷ trọng doanh thu khai là không dùng tiền mặt', en: 'Share of sales declared as non-cash' },
  text: {
    vi: 'Phần trăm doanh thu bán lẻ mà cơ sở kinh doanh khai là được trả không dùng tiền mặt, theo nguồn nêu trong quan sát gần nhất đến ngày đó. Cổng thanh toán không tự đo được.',
    en: 'The percentage of retail sales that businesses declare as paid without cash, by the source named in the latest observation up to the day. The gateway cannot measure it.',
  },
  measuredBy: 'observation',
}
