// The mix of methods: how much of a month's payments was paid by QR, and how much by card.
import type { Definition } from './definition.ts'

/** Paid is paid: reversed sales were taken out where they were counted, and refunds do not undo a sale. */
export const isSale = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'paid'

export const methodMix: Definition = {
  id: 'method-mix',
  label: { vi: 'Cơ cấu phương thức thanh toán', en: 'Mix of payment methods' },
  text: {
    vi: 'Thanh toán thành công của tháng (ngày làm việc theo giờ Hà Nội, đã trừ giao dịch thẻ bị đảo, chưa trừ hoàn tiền) theo phương thức (QR, thẻ), theo số lượng và theo giá trị, từng loại tiền. Hóa đơn được trả bằng QR hoặc thẻ tính vào phương thức đó.',
    en: 'Successful payments of the month (business days of Hanoi, reversed card sales taken out, refunds not) by method (QR, card), by number and by value, each currency on its own. A bill that is paid by QR or card counts there.',
  },
  measuredBy: 'gateway',
}
