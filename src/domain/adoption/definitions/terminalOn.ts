// A terminal that can take payments on a day, by kind.
import type { Definition } from './definition.ts'

/** So many terminals with the same business dates. */
export type TerminalOn = {
  readonly kind: string
  readonly activatedOn: string | null
  readonly revokedOn: string | null
  readonly count: number
}

/** The same of one merchant; seen: they were heard from, at some time. */
export type MerchantTerminalsOn = TerminalOn & { readonly merchantId: string; readonly seen: boolean }

/** Activated on or before the day, and not revoked by the end of it. A blocked one counts: it is there. */
export const isInService = ({ activatedOn, revokedOn }: TerminalOn, asOf: string): boolean =>
  activatedOn !== null && activatedOn <= asOf && (revokedOn === null || revokedOn > asOf)

/** Tills that read cards or show a QR to a person: not pumps, vending machines and kiosks. */
export const isPos = ({ kind }: TerminalOn): boolean => kind === 'pos'

const counted = {
  vi: 'Thiết bị POS đã kích hoạt và chưa bị thu hồi đến hết ngày đó',
  en: 'POS terminals that were activated and not revoked by the end of the day',
}

export const posPerAdults: Definition = {
  id: 'pos-per-100000-adults',
  label: { vi: 'Số POS trên 100.000 người trưởng thành', en: 'POS terminals per 100,000 adults' },
  text: {
    vi: `${counted.vi}, nhân 100.000, chia cho dân số từ 15 tuổi trở lên (quan sát "adult-population" gần nhất đến ngày đó).`,
    en: `${counted.en}, times 100,000, over the population of 15 years and older (the latest observation of "adult-population" up to the day).`,
  },
  measuredBy: 'both',
}

export const posPerPeople: Definition = {
  id: 'pos-per-10000-people',
  label: { vi: 'Số POS trên 10.000 dân', en: 'POS terminals per 10,000 people' },
  text: {
    vi: `${counted.vi}, nhân 10.000, chia cho dân số (quan sát "population" gần nhất đến ngày đó).`,
    en: `${counted.en}, times 10,000, over the population (the latest observation of "population" up to the day).`,
  },
  measuredBy: 'both',
}
