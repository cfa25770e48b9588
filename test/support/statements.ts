// A bank's statement of the supermarket's account: camt.053 made of what a test says of its lines.
import { operatorKey, supermarket, type TestGateway } from './gateway.ts'

export type Line = {
  readonly amount: string
  readonly direction?: 'credit' | 'debit'
  readonly text?: string
  readonly reference?: string
  readonly endToEndId?: string
  readonly bookedOn?: string
  readonly reversal?: boolean
}

type Changes = {
  readonly opening?: bigint
  readonly closing?: bigint
  readonly currency?: string
  readonly accountNumber?: string
  readonly from?: string
  readonly to?: string
}

/** The day that tests begin on. */
export const today = '2026-11-22'

const balance = (code: string, amount: bigint, currency: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount < 0n ? -amount : amount}</Amt>` +
  `<CdtDbtInd>${amount < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd></Bal>`

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const entry = (line: Line, currency: string): string => {
  const { amount, direction = 'credit', text = '', reference, endToEndId, bookedOn = today, reversal } = line
  return (
    `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${direction === 'credit' ? 'CRDT' : 'DBIT'}</CdtDbtInd>` +
    `${reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>${bookedOn}</Dt></BookgDt>${reference ? `<AcctSvcrRef>${reference}</AcctSvcrRef>` : ''}` +
    `<NtryDtls><TxDtls>${endToEndId ? `<Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>` : ''}` +
    `<RmtInf><Ustrd>${escaped(text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`
  )
}

export const sumOf = (lines: readonly Line[]): bigint =>
  lines.reduce(
    (sum, { amount, direction }) => sum + (direction === 'debit' ? -BigInt(amount) : BigInt(amount)),
    0n,
  )

export function camt053(lines: readonly Line[], changes: Changes = {}): string {
  const { opening = 0n, currency = 'VND', from = today, to = from } = changes
  const { accountNumber = supermarket.settlementAccount.accountNumber } = changes
  const { closing = opening + sumOf(lines) } = changes
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>` +
    `<FrToDt><FrDtTm>${from}T00:00:00+07:00</FrDtTm><ToDtTm>${to}T23:59:59+07:00</ToDtTm></FrToDt>` +
    `<Acct><Id><Othr><Id>${accountNumber}</Id></Othr></Id><Ccy>${currency}</Ccy></Acct>` +
    `${balance('OPBD', opening, currency)}${balance('CLBD', closing, currency)}\n` +
    `${lines.map((line) => entry(line, currency)).join('')}</Stmt></BkToCstmrStmt></Document>\n`
  )
}

let sent = 0

/** The address of an exception: a debit that nobody expected. */
export async function openException(gateway: TestGateway): Promise<string> {
  sent += 1
  const { body } = await sendStatement(gateway, camt053([{ amount: `${9_000 + sent}`, direction: 'debit' }]))
  return `/v1/reconciliations/exceptions/${body.unexpected[0].id}`
}

/** The address of a statement. */
export async function openStatement(gateway: TestGateway): Promise<string> {
  const { body } = await sendStatement(gateway, camt053([{ amount: '5', direction: 'debit' }]))
  return `/v1/reconciliations/${body.id}`
}

export const sendStatement = (
  { call }: Pick<TestGateway, 'call'>,
  body: string,
  { key = operatorKey, query = '', type = 'application/xml' } = {},
) => call('POST', `/v1/reconciliations${query}`, { key, body, headers: { 'content-type': type } })
