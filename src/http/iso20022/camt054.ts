// The daily file of a biller as ISO 20022 camt.054.001.08, the notification of credits and debits that its accounting reads.

import { type BillerLine, billDetails } from '../../domain/bills/billerFile.ts'
import { xmlPieces } from './xmlPieces.ts'

const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.054.001.08'

export type BillerDay = {
  readonly billerId: string
  readonly businessDate: string
  /** Instants, RFC 3339 UTC: from the first to the second. */
  readonly from: string
  readonly to: string
  readonly totals: DayTotals
}
/** In đồng. `sum` adds up all amounts whatever their sign, `net` with it. */
export type DayTotals = { readonly count: number; readonly sum: bigint; readonly net: bigint }

/** The text piece by piece; the same day gives the same bytes, so it is created, as far as it says, when the day ended. */
export async function* camt054(
  { billerId, businessDate, from, to, totals }: BillerDay,
  blocks: AsyncIterable<readonly BillerLine[]>,
): AsyncGenerator<string> {
  const id = `${billerId}-${businessDate}`
  const { xml, written } = xmlPieces()
  xml
    .ele(namespace, 'Document')
    .ele('BkToCstmrDbtCdtNtfctn')
    .ele({ GrpHdr: { MsgId: id, CreDtTm: to } })
    .ele('Ntfctn')
    .ele({
      Id: id,
      CreDtTm: to,
      FrToDt: { FrDtTm: from, ToDtTm: to },
      Acct: { Id: { Othr: { Id: billerId } }, Ccy: 'VND' },
      TxsSummry: { TtlNtries: totalsOf(totals) },
    })
  let entry = 0
  for await (const lines of blocks) {
    for (const line of lines) {
      entry += 1
      xml.ele({ Ntry: entryOf(entry, line) })
    }
    const piece = written()
    if (piece !== '') yield piece
  }
  xml.end()
  yield `${written()}\n`
}

const sign = (amount: bigint): 'CRDT' | 'DBIT' => (amount < 0n ? 'DBIT' : 'CRDT')
const absolute = (amount: bigint): string => (amount < 0n ? -amount : amount).toString()
const money = (amount: bigint) => ({ '@Ccy': 'VND', '#': absolute(amount) })

const totalsOf = ({ count, sum, net }: DayTotals) => ({
  NbOfNtries: String(count),
  Sum: sum.toString(),
  TtlNetNtry: { Amt: absolute(net), CdtDbtInd: sign(net) },
})

function entryOf(number: number, line: BillerLine) {
  const { kind, recordedAt, source, amount } = line
  const bill = billDetails(line)
  return {
    NtryRef: String(number),
    Amt: money(amount),
    CdtDbtInd: sign(amount),
    Sts: { Cd: 'BOOK' },
    BookgDt: { DtTm: recordedAt },
    BkTxCd: { Prtry: { Cd: kind } },
    NtryDtls: {
      TxDtls: {
        Refs: { EndToEndId: source },
        Amt: money(amount),
        CdtDbtInd: sign(amount),
        ...(bill && { RmtInf: remittance(bill) }),
      },
    },
  }
}

type Bill = NonNullable<ReturnType<typeof billDetails>>

/** The bill, and whose it is; a line of no bill of its own names the customer only. */
const remittance = ({ billNumber, customerCode }: Bill) => ({
  Strd: {
    ...(billNumber !== undefined && { RfrdDocInf: { Nb: billNumber } }),
    CdtrRefInf: { Ref: customerCode },
  },
})
