// The process announceDebits: a bill that is open for a customer with an active mandate is announced; a debit that ended unpaid frees its bill.
import type { BillEvent } from '../bills/bill.ts'
import { profileOf } from '../bills/billerProfile.ts'
import { due, owed } from '../bills/owed.ts'
import type { Recorded } from '../core/eventStore.ts'
import { toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import { cancelPayment, type Digest, debitPaymentId } from './debitPayment.ts'
import { findMandates, type MandateLists } from './findMandates.ts'
import type { MandateEvent } from './mandateEvents.ts'

type Ports = MandateLists &
  Pick<Gateway, 'mandates' | 'bills' | 'billers' | 'merchants' | 'payments'> & {
    readonly now: () => Date
    readonly digest: Digest
    /** Ids of a customer's open bills, the first due first. */
    readonly openBills: (billerId: string, customerCode: string, limit: number) => Promise<readonly string[]>
  }

type Bill = Extract<BillEvent, { type: 'BillIssued' | 'BillReissued' }>
type Active = Extract<MandateEvent, { type: 'MandateActivated' | 'MandateResumed' }>
type Unpaid = Extract<MandateEvent, { type: 'DebitDeclined' | 'DebitSkipped' }>
type Concerning = Bill | Active | Unpaid | Extract<MandateEvent, { type: 'MandateRequested' }>

const concerned: ReadonlySet<string> = new Set([
  'BillIssued',
  'BillReissued',
  'MandateRequested',
  'MandateActivated',
  'MandateResumed',
  'DebitSkipped',
  'DebitDeclined',
] satisfies Concerning['type'][])

/** Whether the process has anything to do about an event. */
export const concernsMandates = ({ type }: Recorded): boolean => concerned.has(type)

const actor = 'announceDebits'
const billsMax = 100

/** What to do about one event, given in the order of the log. Doing it again changes nothing. */
export function mandateProcess(ports: Ports): (recorded: Recorded) => Promise<void> {
  const find = findMandates(ports)
  return async (recorded) => {
    const event = recorded as unknown as Recorded<Concerning>
    const id = event.stream.slice(event.stream.indexOf('-') + 1)
    switch (event.type) {
      case 'MandateRequested':
        return find.seen(event.data.billerId)
      case 'BillIssued':
      case 'BillReissued': {
        const { billerId, customerCode, at } = event.data
        const mandateIds = await find.of(billerId, customerCode, event.position)
        return announce(ports, mandateIds, id, at, event.id)
      }
      case 'MandateActivated':
      case 'MandateResumed':
        return announceOpen(ports, find, id, event)
      case 'DebitSkipped':
        return cancelPayment(ports, debitPaymentId(event.data.billerId, id, event.data, ports.digest))
      case 'DebitDeclined':
        return cancelPayment(ports, event.data.paymentId)
    }
  }
}

/** The bills that were there before the mandate was. */
async function announceOpen(
  ports: Ports,
  find: ReturnType<typeof findMandates>,
  mandateId: string,
  event: Recorded<Active>,
): Promise<void> {
  const { state: mandate } = await ports.mandates.load(mandateId)
  if (mandate.status !== 'active') return // how it went on comes as an event of its own
  const because = event.type === 'MandateActivated' ? event.data.activatedAt : event.data.resumedAt
  const { billerId, customerCode } = mandate
  const mandateIds = await find.of(billerId, customerCode, event.position)
  for (const billId of await ports.openBills(billerId, customerCode, billsMax))
    await announce(ports, mandateIds, billId, because, event.id)
}

/** By the oldest mandate that is active: of two of one customer, one pays. */
async function announce(
  ports: Ports,
  mandateIds: readonly string[],
  billId: string,
  because: string,
  causationId: string,
): Promise<void> {
  if (mandateIds.length === 0) return
  const { state: bill } = await ports.bills.load(billId)
  if (bill.status !== 'open') return
  for (const mandateId of mandateIds) {
    const { state: mandate } = await ports.mandates.load(mandateId)
    if (mandate.status !== 'active' || mandate.customerCode !== bill.customerCode) continue
    const at = ports.now().toISOString()
    const rule = (await profileOf(ports, bill.billerId))?.profile.lateFee
    const amount = toData(due(owed(bill, rule, at)))
    const data = { billId, amount, dueOn: bill.dueOn, because, at }
    const metadata = { actor, correlationId: mandateId, causationId }
    const outcome = await ports.mandates.handle(mandateId, { type: 'AnnounceDebit', data }, metadata)
    if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(mandateId)
    return
  }
}
