// The payouts of a date as ISO 20022 pain.001.001.09: what a bank takes to pay many accounts out of one.
import { type Currency, formatMoney } from '../../domain/core/money.ts'
import { foldToAscii } from '../../domain/qr/ascii.ts'
import { findBank } from '../../domain/qr/banks.ts'
import type { PayoutAccount } from '../../domain/settlement/payout.ts'
import type { FiledPayout, PayoutGroup, PayoutMessage } from '../../domain/settlement/payoutFile.ts'
import { xmlPieces } from './xmlPieces.ts'

const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
const nameMax = 70 // the schema takes 140, most banks half of it

/** Payouts written in one turn: a few milliseconds. */
const atOnce = 10

/** The text piece by piece; the same message gives the same bytes. `debtor`: the account that pays. */
export async function* pain001(
  { messageId, createdAt, groups }: PayoutMessage,
  debtor: PayoutAccount,
  nextTurn: () => Promise<unknown>,
): AsyncGenerator<string> {
  const { xml, written } = xmlPieces()
  xml.ele(namespace, 'Document').ele('CstmrCdtTrfInitn')
  const sums = controlSums(groups.flatMap((group) => group.payouts))
  const paying = { Nm: name(debtor.accountName) }
  xml.ele({ GrpHdr: { MsgId: messageId, CreDtTm: createdAt, ...sums, InitgPty: paying } })
  for (const group of groups) {
    xml.ele('PmtInf').ele(terms(group, debtor))
    for (let start = 0; start < group.payouts.length; start += atOnce, await nextTurn()) {
      for (const payout of group.payouts.slice(start, start + atOnce))
        xml.ele({ CdtTrfTxInf: transaction(payout) })
      yield written()
    }
    xml.up()
  }
  xml.end()
  yield `${written()}\n`
}

const terms = (
  { paymentInformationId, currency, valueDate, payouts }: PayoutGroup,
  debtor: PayoutAccount,
) => ({
  PmtInfId: paymentInformationId,
  PmtMtd: 'TRF',
  BtchBookg: 'false', // one booking each, so that a statement names every end-to-end id
  ...controlSums(payouts),
  ReqdExctnDt: { Dt: valueDate },
  Dbtr: { Nm: name(debtor.accountName) },
  DbtrAcct: { ...account(debtor), Ccy: currency },
  DbtrAgt: agent(debtor.bankBin),
  ChrgBr: 'DEBT', // merchants get the net to the last đồng
})

const transaction = (payout: FiledPayout) => ({
  PmtId: { InstrId: payout.endToEndId, EndToEndId: payout.endToEndId },
  Amt: { InstdAmt: { '@Ccy': payout.currency, '#': amount(payout) } },
  CdtrAgt: agent(payout.bankBin),
  Cdtr: { Nm: name(payout.accountName) },
  CdtrAcct: account(payout),
  RmtInf: { Ustrd: `Settlement ${payout.businessDate} ${payout.endToEndId}` },
})

/** How many, and the plain sum of the amounts, whatever their currencies: what a bank checks a file by. */
function controlSums(payouts: readonly FiledPayout[]) {
  const thousandths = payouts.reduce((sum, payout) => sum + inThousandths(amount(payout)), 0n)
  const decimals = String(thousandths % 1_000n)
    .padStart(3, '0')
    .replace(/0+$/, '')
  const whole = String(thousandths / 1_000n)
  return { NbOfTxs: String(payouts.length), CtrlSum: decimals === '' ? whole : `${whole}.${decimals}` }
}

const amount = ({ amount, currency }: FiledPayout): string =>
  formatMoney({ minor: amount, currency: currency as Currency })

/** No currency has more than three decimals. */
function inThousandths(major: string): bigint {
  const [whole = '', decimals = ''] = major.split('.')
  return BigInt(whole + decimals.padEnd(3, '0'))
}

/** Banks are named by their BIN in Vietnam; the BIC goes with it where it is known. */
function agent(bankBin: string) {
  const swift = findBank(bankBin)?.swift
  const bic = swift && /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(swift) ? { BICFI: swift } : {}
  return { FinInstnId: { ...bic, ClrSysMmbId: { MmbId: bankBin } } }
}

const account = ({ accountNumber }: PayoutAccount) => ({ Id: { Othr: { Id: accountNumber } } })

const name = (text: string): string =>
  foldToAscii(text).replace(/\s+/g, ' ').trim().slice(0, nameMax).trim() || '-'
