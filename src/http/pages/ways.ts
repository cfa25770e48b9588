// The ways to pay a QR in the sandbox: the right one, and those that a gateway must have an answer to.

export const ways = ['exact', 'less', 'more', 'twice', 'second', 'wrongText'] as const
export type Way = (typeof ways)[number]

export const isWay = (text: string): text is Way => ways.includes(text as Way)

/** One notification of the bank. `transfer` tells the transfers of one visit apart: the same one twice is a repeat. */
type Notice = { readonly transfer: 1 | 2; readonly amount: string; readonly content?: string }

const excess = 10_000n

/** The notifications a way of paying leads to, in order. `amount` in whole đồng. */
export function noticesOf(way: Way, amount: bigint): readonly Notice[] {
  const full = { transfer: 1, amount: amount.toString() } as const
  switch (way) {
    case 'exact':
      return [full]
    case 'less':
      return [{ transfer: 1, amount: ((amount + 1n) / 2n).toString() }]
    case 'more':
      return [{ transfer: 1, amount: (amount + excess).toString() }]
    case 'twice':
      return [full, full]
    case 'second':
      return [full, { ...full, transfer: 2 }]
    case 'wrongText':
      return [{ ...full, content: 'chuyen tien mua hang' }]
  }
}
