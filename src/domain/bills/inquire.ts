// What a customer of a biller owes now: the open bills as they stand, whatever a list says of them.
import type { Gateway } from '../gateway.ts'
import { asQrPayment } from '../payments/payment.ts'
import type { IssuedBill } from './bill.ts'
import { loadBills, type NamedBill } from './owedBills.ts'

type Ports = Pick<Gateway, 'bills' | 'payments'> & {
  readonly openBills: (billerId: string, customerCode: string, limit: number) => Promise<readonly string[]>
  readonly hasBills: (billerId: string, customerCode: string) => Promise<boolean>
}

/** A customer with more open bills than these sees the oldest, and `more`. */
const billsMax = 100

type Inquired = { readonly open: readonly NamedBill[]; readonly more: boolean }

/** The first due first; undefined where the biller has never sent this customer a bill. */
export async function inquire(
  ports: Ports,
  billerId: string,
  customerCode: string,
): Promise<Inquired | undefined> {
  const ids = await ports.openBills(billerId, customerCode, billsMax + 1)
  if (ids.length === 0 && !(await ports.hasBills(billerId, customerCode))) return undefined
  const loaded = await loadBills(ports, ids.slice(0, billsMax))
  const open = loaded.filter(
    (one): one is NamedBill => one?.bill.status === 'open' && one.bill.customerCode === customerCode,
  )
  const paid = await Promise.all(open.map(({ bill }) => isPaidFor(bill, ports)))
  return { open: open.filter((_, at) => !paid[at]), more: ids.length > billsMax }
}

/** Its payment is paid, and the bill is about to be told. */
export async function isPaidFor(
  { lock }: IssuedBill,
  { payments }: Pick<Gateway, 'payments'>,
): Promise<boolean> {
  if (!lock) return false
  return asQrPayment((await payments.load(lock.paymentId)).state)?.status === 'paid'
}
