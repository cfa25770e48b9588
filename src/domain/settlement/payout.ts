// A payout: the net of a settlement on its way to the merchant's bank account. One that comes back is asked for again, once.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'

export type PayoutAccount = {
  readonly bankBin: string
  readonly accountNumber: string
  readonly accountName: string
}

/** One order to the bank. */
type Requested = {
  readonly endToEndId: string
  readonly merchantId: string
  readonly businessDate: string
  readonly attempt: number
  readonly amount: MoneyData
  readonly account: PayoutAccount
  /** The banking day on which it is to be carried out. */
  readonly valueDate: string
  readonly requestedAt: string
}
type Told = {
  readonly endToEndId: string
  readonly merchantId: string
  readonly amount: MoneyData
  readonly at: string
}

type BankStatus = {
  readonly endToEndId: string
  readonly status: 'accepted' | 'settled' | 'rejected'
  /** The bank's reason code, such as `AC04`. */
  readonly reason?: string
  readonly at: string
}
export type PayoutOrder = { readonly account: PayoutAccount; readonly valueDate: string }

export type PayoutCommand =
  | { type: 'RecordPayoutStatus'; data: BankStatus }
  /** For what came back, or could not be paid because there was no account. */
  | { type: 'RequestPayout'; data: PayoutOrder & { readonly at: string } }

export type PayoutEvent =
  | { type: 'PayoutRequested'; data: Requested }
  | { type: 'PayoutAccepted'; data: Told }
  | { type: 'PayoutSettled'; data: Told }
  /** `returned`: it had been settled, and the bank gave it back. */
  | { type: 'PayoutRejected'; data: Told & { readonly reason: string; readonly returned?: true } }

export type PayoutRejection =
  | 'payout_not_found'
  | 'payout_already_rejected'
  | 'payout_not_due'
  | 'payout_needs_another_account'

export type PayoutStatus = 'requested' | 'accepted' | 'settled' | 'rejected'
export type Payout = Requested & { readonly status: PayoutStatus; readonly reason?: string }

/** What is to be paid, and the attempts so far, the latest last. */
export type Payable = {
  readonly settlementId: string
  readonly merchantId: string
  readonly businessDate: string
  readonly due: MoneyData
  readonly payouts: readonly Payout[]
}

/** Made when the settlement is closed. What is asked for later counts on from it, also where there was no account then. */
export const firstAttempt = 1
/** To one account: what came back twice from it waits for another. */
const attemptsMax = 2

/** Names a payout at banks, with characters that every bank takes: `SET7K3MA20261122VND-1`. */
export const endToEndId = (settlementId: string, attempt: number): string =>
  `SET${settlementId.slice('set_'.length)}-${attempt}`

/** The settlement that an end-to-end id names; undefined where it is none of ours. */
export function settlementNamed(id: string): string | undefined {
  const name = /^SET([0-9A-Z]{16})-\d{1,4}$/.exec(id)?.[1]
  return name && `set_${name}`
}

/** Where a bank has room for sixteen characters, such as in :61: of MT940. */
const cutOff = /^SET[0-9A-Z]{5}20\d{6}$/
const inWords = /SET[0-9A-Z]{5}20\d{6}[A-Z]{3}\d/

/** Whether a bank's words or its name of a transaction name a payout: it keeps letters and digits, and perhaps no more. */
export function namesPayout(words: string, name = ''): boolean {
  if (settlementNamed(name) !== undefined || cutOff.test(name)) return true
  return inWords.test(`${words} ${name}`.toUpperCase().replace(/[^0-9A-Z]/g, ''))
}

export function decidePayout(
  command: PayoutCommand,
  payable: Payable,
): Decision<PayoutEvent, PayoutRejection> {
  if (command.type === 'RequestPayout') return requestAgain(command.data, payable)
  const payout = payable.payouts.find((one) => one.endToEndId === command.data.endToEndId)
  return payout ? recordStatus(command.data, payout) : reject('payout_not_found')
}

function requestAgain(
  { at, ...order }: PayoutOrder & { readonly at: string },
  payable: Payable,
): Decision<PayoutEvent, PayoutRejection> {
  const { due, payouts } = payable
  const last = payouts.at(-1)
  if (BigInt(due.amount) <= 0n) return reject('payout_not_due')
  if (last && last.status !== 'rejected') return accept() // by another gateway
  const inVain = payouts.filter(({ account }) => isSame(account, order.account)).length
  if (inVain >= attemptsMax) return reject('payout_needs_another_account')
  return accept(payoutRequested(payable, order, (last?.attempt ?? firstAttempt) + 1, at))
}

const isSame = (a: PayoutAccount, b: PayoutAccount): boolean =>
  a.bankBin === b.bankBin && a.accountNumber === b.accountNumber && a.accountName === b.accountName

const progress: readonly PayoutStatus[] = ['requested', 'accepted', 'settled', 'rejected']

/** A status that says less than is known changes nothing: banks repeat and reorder. Money that came back did not stay there. */
function recordStatus(
  { status, reason = 'unknown', at }: BankStatus,
  payout: Payout,
): Decision<PayoutEvent, PayoutRejection> {
  if (payout.status === 'rejected' && status === 'settled') return reject('payout_already_rejected')
  if (progress.indexOf(status) <= progress.indexOf(payout.status)) return accept()
  const { endToEndId, merchantId, amount } = payout
  const told = { endToEndId, merchantId, amount, at }
  if (status === 'accepted') return accept({ type: 'PayoutAccepted', data: told })
  if (status === 'settled') return accept({ type: 'PayoutSettled', data: told })
  const returned = payout.status === 'settled' ? { returned: true as const } : {}
  return accept({ type: 'PayoutRejected', data: { ...told, reason, ...returned } })
}

export function payoutRequested(
  { settlementId, merchantId, businessDate, due }: Omit<Payable, 'payouts'>,
  { account, valueDate }: PayoutOrder,
  attempt: number,
  at: string,
): Extract<PayoutEvent, { type: 'PayoutRequested' }> {
  const order = { endToEndId: endToEndId(settlementId, attempt), merchantId, businessDate, attempt }
  return { type: 'PayoutRequested', data: { ...order, amount: due, account, valueDate, requestedAt: at } }
}

/** What each event makes of its payout. */
export const payoutStatuses = {
  PayoutRequested: 'requested',
  PayoutAccepted: 'accepted',
  PayoutSettled: 'settled',
  PayoutRejected: 'rejected',
} as const

export const isPayoutEvent = (event: { type: string; data: object }): event is PayoutEvent =>
  event.type in payoutStatuses

export function evolvePayouts(payouts: readonly Payout[], event: PayoutEvent): readonly Payout[] {
  if (event.type === 'PayoutRequested') return [...payouts, { ...event.data, status: 'requested' }]
  const reason = event.type === 'PayoutRejected' ? { reason: event.data.reason } : {}
  return payouts.map((payout) =>
    payout.endToEndId === event.data.endToEndId
      ? { ...payout, status: payoutStatuses[event.type], ...reason }
      : payout,
  )
}
