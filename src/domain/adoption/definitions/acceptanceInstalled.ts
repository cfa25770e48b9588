// Acceptance installed: a site that has what is needed to be paid without cash.
import type { Definition } from './definition.ts'
import type { SiteOn } from './siteOn.ts'

export const isInstalled = ({ terminalSince, qrSince }: SiteOn, asOf: string): boolean =>
  [terminalSince, qrSince].some((since) => since !== null && since <= asOf)

export const acceptanceInstalled: Definition = {
  id: 'acceptance-installed',
  label: {
    vi: 'Điểm bán đã lắp đặt thanh toán không dùng tiền mặt',
    en: 'Sites with cashless acceptance installed',
  },
  text: {
    vi: 'Điểm bán đã đăng ký mà đến hết ngày đó có ít nhất một thiết bị đã kích hoạt và chưa bị thu hồi, hoặc đã từng yêu cầu một thanh toán bằng mã QR; trên tổng số điểm bán đã đăng ký.',
    en: 'Registered sites that by the end of the day have at least one terminal that was activated and not revoked, or have ever asked for a payment by QR; of all registered sites.',
  },
  measuredBy: 'gateway',
}
