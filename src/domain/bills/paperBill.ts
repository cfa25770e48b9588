// A bill on paper has a QR without an amount: whoever scans it pays whatever is due, and the money names the bill.
import type { ReceivedCredit } from '../payments/credit.ts'
import {
  billIdStart,
  creditReference,
  merchantIdOf,
  paperReference,
  transferText,
} from '../payments/reference.ts'
import type { BankAccount } from '../payments/transferConnector.ts'
import { writeVietQr } from '../qr/writeVietQr.ts'
import { requestWhatIsDue, type WhatIsDuePorts } from './payWhatIsDue.ts'

type Ports = WhatIsDuePorts & {
  /** Ids of bills that begin so. */
  readonly billsStartingWith: (start: string, limit: number) => Promise<readonly string[]>
}

/** What a credit that names a bill on paper pays; undefined where the reference is that of no bill, or not of one only. */
export type PaperBillPayer = (
  creditId: string,
  credit: ReceivedCredit,
  reference: string,
) => Promise<Awaited<ReturnType<typeof requestWhatIsDue>> | undefined>

export const paperBillPayer =
  (ports: Ports): PaperBillPayer =>
  async (creditId, credit, reference) => {
    const [billId, another] = await ports.billsStartingWith(billIdStart(reference), 2)
    if (billId === undefined || another !== undefined) return undefined
    const { state: bill } = await ports.bills.load(billId)
    const billerId = merchantIdOf(reference)
    if (bill.status === 'new' || bill.billerId !== billerId) return undefined
    const { bankBin, accountNumber, amount, receivedAt } = credit
    const money = { bankBin, accountNumber, amount, receivedAt }
    const { customerCode } = bill
    return requestWhatIsDue(ports, {
      ...money,
      billerId,
      customerCode,
      reference: creditReference(billerId, creditId),
    })
  }

/** The text of the QR to print. */
export const paperPayload = (
  billerId: string,
  billId: string,
  { bankBin, accountNumber }: BankAccount,
): string => writeVietQr({ bankBin, accountNumber, purpose: transferText(paperReference(billerId, billId)) })
