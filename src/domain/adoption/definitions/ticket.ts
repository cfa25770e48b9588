// The ticket: how much one payment is, on average and in the middle.
import type { Definition } from './definition.ts'

/** Value over number, minor units, rounded half to even; undefined where nothing was sold. */
export function meanTicket(count: number, gross: bigint): bigint | undefined {
  if (count === 0) return undefined
  const [whole, rest] = [gross / BigInt(count), 2n * (gross % BigInt(count))]
  const up = rest > BigInt(count) || (rest === BigInt(count) && whole % 2n === 1n)
  return up ? whole + 1n : whole
}

export const ticketMean: Definition = {
  id: 'ticket-mean',
  label: { vi: 'Giá trị thanh toán bình quân', en: 'Mean ticket' },
  text: {
    vi: 'Giá trị chia cho số lượng thanh toán thành công của tháng, chính xác, làm tròn đến đơn vị nhỏ nhất.',
    en: 'Value over number of successful payments of the month; exact, rounded half to even to the smallest unit.',
  },
  measuredBy: 'gateway',
}

export const ticketMedian: Definition = {
  id: 'ticket-median',
  label: { vi: 'Giá trị thanh toán trung vị', en: 'Median ticket' },
  text: {
    vi: 'Khoảng giá trị (1, 2, 5, 10, 20, 50 ... đơn vị nhỏ nhất) có chứa thanh toán đứng giữa của tháng; số chẵn thì lấy thanh toán thấp hơn. Tính từ các khoảng, nên là một khoảng chứ không phải một số chính xác.',
    en: 'The band of amounts (1, 2, 5, 10, 20, 50 ... of the smallest unit) that the middle payment of the month lies in; of an even number the lower one. Taken from bands, so it is a band and not an exact amount.',
  },
  measuredBy: 'gateway',
}
