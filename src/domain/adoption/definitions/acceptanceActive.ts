// Acceptance active: a site that was really paid without cash lately.
import { addDays } from '../../core/businessDay.ts'
import { activeDays } from '../indicators.ts'
import type { Definition } from './definition.ts'
import type { SiteOn } from './siteOn.ts'

/** The day itself and the 89 before it. */
export const isActive = ({ lastPaidOn }: SiteOn, asOf: string): boolean =>
  lastPaidOn !== null && lastPaidOn <= asOf && lastPaidOn > addDays(asOf, -activeDays)

export const acceptanceActive: Definition = {
  id: 'acceptance-active',
  label: {
    vi: 'Điểm bán đang chấp nhận thanh toán không dùng tiền mặt',
    en: 'Sites with active cashless acceptance',
  },
  text: {
    vi: `Điểm bán đã đăng ký có ít nhất một thanh toán không dùng tiền mặt thành công (không bị đảo) trong ${activeDays} ngày gần nhất, tính cả ngày đó; trên tổng số điểm bán đã đăng ký.`,
    en: `Registered sites with at least one successful cashless payment (not reversed) in the last ${activeDays} days, the day itself included; of all registered sites.`,
  },
  measuredBy: 'gateway',
}
