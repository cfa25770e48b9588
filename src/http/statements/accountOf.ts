// Whose account a statement is of: one that a merchant has its money on, or that payouts leave from.
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import { binsOfSwift } from '../../domain/qr/banks.ts'
import type { StatementHead } from '../../domain/settlement/bankStatement.ts'
import { Problem } from '../problem.ts'
import type { Services, Settings } from '../services.ts'
import { fault } from './reader.ts'

/** All accounts are in đồng, as all QR payments are. */
const currency = 'VND'

export type Named = { readonly bankBin?: string | undefined; readonly accountNumber?: string | undefined }

export async function accountOf(
  head: StatementHead,
  named: Named,
  {
    readModels,
    settings,
  }: Pick<Services, 'readModels'> & { readonly settings: Pick<Settings, 'payoutFrom'> },
): Promise<{ readonly account: BankAccount; readonly paysOut: boolean; readonly ofMerchant: boolean }> {
  const accountNumber = plain(head.accountNumber)
  if (named.accountNumber !== undefined && named.accountNumber !== accountNumber)
    throw fault('statement_account_differs', `Not of ${named.accountNumber}.`, '/account')
  const bins = binsOf(named.bankBin ?? head.bank)
  const merchants = await readModels.accountsNumbered(accountNumber)
  const isPayer = ({ bankBin, accountNumber }: BankAccount): boolean =>
    settings.payoutFrom?.bankBin === bankBin && settings.payoutFrom.accountNumber === accountNumber
  const payer = settings.payoutFrom?.accountNumber === accountNumber ? [settings.payoutFrom] : []
  const numbered = [...merchants, ...payer.filter(() => !merchants.some(isPayer))]
  const fitting = bins.length > 0 ? numbered.filter(({ bankBin }) => bins.includes(bankBin)) : numbered
  const [account, ...others] = fitting
  if (!account) throw new Problem('statement_account_unknown')
  if (others.length > 0)
    throw new Problem('statement_account_unknown', {
      detail: 'Accounts at several banks have this number: say which by "bankBin". Nothing of it was taken.',
    })
  if (head.currency !== currency)
    throw fault('statement_currency_differs', `It is in ${head.currency.slice(0, 3)}.`, '/currency')
  const { bankBin } = account
  const ofMerchant = merchants.some((one) => one.bankBin === bankBin)
  return { account: { bankBin, accountNumber }, paysOut: isPayer(account), ofMerchant }
}

const plain = (accountNumber: string): string => accountNumber.replace(/[\s.-]/g, '')

/** A BIN, or the BINs of a BIC; none where the bank has another name. */
export const binsOf = (bank = ''): readonly string[] =>
  /^\d{6}$/.test(bank) ? [bank] : /^[A-Z]{6}[A-Z0-9]{2}/.test(bank) ? binsOfSwift(bank) : []
