// Time to settlement: how long it takes from a payment to the merchant's money.
import type { Definition, Text } from './definition.ts'

export const settlementDaysBack = 30

/** A payment, and the payout of the settlement that it is in: when it was asked for, and when the bank said that it was there. */
export type SettledPayment = {
  readonly paidAt: string
  readonly requestedAt: string | null
  readonly settledAt: string | null
}

/** Milliseconds until the money was there or, where no bank has said so, until it was asked for; undefined where it was not. */
export function timeToSettlement({ paidAt, requestedAt, settledAt }: SettledPayment): number | undefined {
  const until = settledAt ?? requestedAt
  return until === null ? undefined : Date.parse(until) - Date.parse(paidAt)
}

/** In hours, to one decimal; null where no payout was asked for. Of an even number the middle is the lower one. */
export function settlementHours(payments: readonly SettledPayment[]) {
  const times = payments
    .map(timeToSettlement)
    .filter((time) => time !== undefined)
    .sort((a, b) => a - b)
  const sum = times.reduce((all, time) => all + time, 0)
  return {
    counted: times.length,
    confirmed: payments.filter(({ settledAt }) => settledAt !== null).length,
    mean: times.length === 0 ? null : hours(sum / times.length),
    median: times.length === 0 ? null : hours(times[(times.length - 1) >> 1]!),
  }
}

const hours = (milliseconds: number): number => Math.round(milliseconds / 360_000) / 10

const counts: Text = {
  vi: `Tính trên các thanh toán được ghi nhận trong ngày làm việc gần nhất, trong ${settlementDaysBack} ngày đến hết ngày đó, mà đã có lệnh chi trả; từ lúc thanh toán đến lúc ngân hàng báo tiền đã đến (pain.002), hoặc, khi ngân hàng chưa báo, đến lúc lập lệnh chi trả. Tử số: số thanh toán ngân hàng đã báo. Mẫu số: số thanh toán được tính. Không tính thanh toán mà kỳ quyết toán chưa có lệnh chi trả hoặc lệnh bị trả lại. Thanh toán sau đó bị đảo hoặc hoàn vẫn được tính.`,
  en: `Of the payments recorded on the latest business date, in the ${settlementDaysBack} days up to the day, for which a payout was asked for: from the payment until the bank said that the payout was settled (pain.002) or, where it has not said so, until the payout was asked for. Numerator: payments of which the bank has said so. Denominator: payments counted. Payments whose settlement has no payout, or one that came back, do not count; those reversed or refunded later do.`,
}

export const timeToSettlementMedian: Definition = {
  id: 'time-to-settlement-median',
  label: { vi: 'Thời gian quyết toán trung vị', en: 'Median time to settlement' },
  text: {
    vi: `Số giờ của thanh toán đứng giữa. ${counts.vi}`,
    en: `The hours that the middle payment took. ${counts.en}`,
  },
  measuredBy: 'gateway',
}

export const timeToSettlementMean: Definition = {
  id: 'time-to-settlement-mean',
  label: { vi: 'Thời gian quyết toán bình quân', en: 'Mean time to settlement' },
  text: {
    vi: `Số giờ bình quân của một thanh toán. ${counts.vi}`,
    en: `The hours that a payment took on average. ${counts.en}`,
  },
  measuredBy: 'gateway',
}
