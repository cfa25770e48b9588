// Rates of what did not go well: declines, answers that never came, QR codes nobody paid, refunds.
import type { Definition } from './definition.ts'

type Counted = { readonly outcome: string; readonly method: string; readonly count: number }
type Of = (counted: Counted) => boolean

const outcome =
  (name: string, method?: string): Of =>
  (counted) =>
    counted.outcome === name && (method === undefined || counted.method === method)

/** Which payments a rate counts, and of which it is a rate: of one method, or of all. */
export type Rate = Definition & { readonly method?: string; readonly counts: Of; readonly among: Of }

/** Of the payments of a method that were asked for, those that ended so. */
const rateOf = (
  method: string,
  name: string,
  id: string,
  label: Definition['label'],
  text: Definition['text'],
): Rate => ({
  id,
  label,
  text,
  measuredBy: 'gateway',
  method,
  counts: outcome(name, method),
  among: outcome('asked', method),
})

export const rates: readonly Rate[] = [
  rateOf(
    'card',
    'declined',
    'card-decline-rate',
    { vi: 'Tỷ lệ thẻ bị từ chối', en: 'Card decline rate' },
    {
      vi: 'Thanh toán thẻ mà tổ chức phát hành từ chối trong tháng, trên số thanh toán thẻ được yêu cầu trong tháng.',
      en: 'Card payments that the issuer declined in the month, of the card payments asked for in the month.',
    },
  ),
  rateOf(
    'card',
    'timed-out',
    'card-timeout-rate',
    { vi: 'Tỷ lệ thẻ không có trả lời', en: 'Card timeout rate' },
    {
      vi: 'Thanh toán thẻ không có trả lời đúng hạn (kết quả chưa rõ, được đảo) trong tháng, trên số được yêu cầu trong tháng.',
      en: 'Card payments to which no answer came in time (the outcome is unknown and they are reversed) in the month, of those asked for in the month.',
    },
  ),
  rateOf(
    'qr',
    'expired',
    'qr-expiry-rate',
    { vi: 'Tỷ lệ mã QR hết hạn', en: 'QR expiry rate' },
    {
      vi: 'Thanh toán QR hết hạn mà chưa trả đủ trong tháng, trên số được yêu cầu trong tháng.',
      en: 'QR payments that expired without being paid in full in the month, of those asked for in the month.',
    },
  ),
  rateOf(
    'qr',
    'canceled',
    'qr-cancel-rate',
    { vi: 'Tỷ lệ mã QR bị hủy', en: 'QR cancel rate' },
    {
      vi: 'Thanh toán QR bị hủy trước khi trả đủ trong tháng, trên số được yêu cầu trong tháng.',
      en: 'QR payments canceled before they were paid in full in the month, of those asked for in the month.',
    },
  ),
  {
    id: 'refund-rate',
    label: { vi: 'Tỷ lệ hoàn tiền', en: 'Refund rate' },
    text: {
      vi: 'Số lần hoàn tiền hoàn tất trong tháng (một thanh toán có thể hoàn nhiều lần), trên số thanh toán thành công trong tháng.',
      en: 'Refunds completed in the month (a payment may have several), of the payments paid in the month.',
    },
    measuredBy: 'gateway',
    counts: outcome('refunded'),
    among: outcome('paid'),
  },
]
