// A reconciliation as the API shows it: what the statement said, and four lists of what became of its lines.
import { z } from '@hono/zod-openapi'
import type { StatementSum } from '../../projections/readModels.ts'
import type { StatementLineRow } from '../../projections/statementLines.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { answerOf } from '../domain/payments/matchCredit.ts'
import { statementFormats } from '../domain/settlement/bankStatement.ts'
import { itemKinds, rules } from '../domain/settlement/expectedItem.ts'
import type { StatementState } from '../domain/settlement/statement.ts'
import { creditOutcomes } from './creditReply.ts'
import { amount, currency, id, instant } from './schemas.ts'
import type { Services } from './services.ts'

export const lists = ['matched', 'missing', 'unexpected', 'differing'] as const
export type List = (typeof lists)[number]

const day = z.string().openapi({ example: '2026-11-21' })
const itemId = z.string().openapi({ example: 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ' })
const direction = z.enum(['credit', 'debit'])

const Line = z
  .object({
    id: id('stl', 'stl_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
    line: z.int().openapi({ description: 'In the file, from 1' }),
    direction,
    amount,
    currency,
    bookedOn: day,
    bankReference: z.string().optional(),
    state: z.enum(['matched', 'unexpected', 'differing', 'partly']),
    rule: z.enum(rules).optional().openapi({ description: 'By which the items were found' }),
    items: z.array(itemId).openapi({ description: 'Credits and transfers that the line is' }),
    expectedAmount: amount.optional().openapi({ description: 'What our books have, where that differs' }),
    creditId: itemId
      .optional()
      .openapi({ description: 'Money that nobody had notified: the credit it became' }),
    outcome: z.enum(creditOutcomes).exclude(['underpaid']).optional().openapi({
      description: 'Where that money went',
    }),
    text: z
      .string()
      .optional()
      .openapi({ description: 'The words of the bank, of what a person must look at' }),
    counterparty: z.string().optional().openapi({ description: "The other side's account, of the same" }),
  })
  .openapi('BankStatementLine')

const Missing = z
  .object({
    itemId,
    kind: z.enum(itemKinds),
    direction,
    amount,
    currency,
    expectedOn: day,
  })
  .openapi('MissingBankItem')

const Total = z.object({ count: z.int(), credits: z.string(), debits: z.string() })
const cursor = z.string().nullable()

export const Reconciliation = z
  .object({
    id: id('stm', 'stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
    status: z.enum(['received', 'reconciled']).openapi({
      description: 'received: it was cut off. Send the file again, and it goes on',
    }),
    format: z.enum(statementFormats),
    account: z.object({ bankBin: z.string(), accountNumber: z.string() }),
    currency,
    openingBalance: z.string().optional(),
    closingBalance: z.string().optional(),
    from: day,
    to: day,
    receivedAt: instant,
    lineCount: z.int(),
    known: z
      .int()
      .openapi({ description: 'Lines that an earlier statement had: they are in none of the lists' }),
    totals: z.object({ matched: Total, missing: Total, unexpected: Total, differing: Total }),
    matched: z.array(Line),
    missing: z.array(Missing),
    unexpected: z.array(Line),
    differing: z.array(Line),
    nextCursors: z
      .object({ matched: cursor, missing: cursor, unexpected: cursor, differing: cursor })
      .openapi({ description: 'Where a list is longer: go on at /v1/reconciliations/{id}/lines' }),
  })
  .openapi('Reconciliation')

export const Lines = z.object({ data: z.array(z.union([Line, Missing])), nextCursor: cursor })

type Known = Exclude<StatementState, { status: 'new' }>

/** The first lines of each list, and how much is in each. */
export async function reconciliationView(
  statementId: string,
  state: Known,
  limit: number,
  services: Services,
): Promise<object> {
  const { readModels } = services
  const sums = await readModels.sumStatement(statementId)
  const pages = await Promise.all(
    lists.map((list) => readModels.statementLines(statementId, list, { limit, cursor: undefined })),
  )
  const views = await Promise.all(
    pages.map(({ rows }) => Promise.all(rows.map((row) => lineView(row, services)))),
  )
  const each = <T>(value: (at: number) => T) => Object.fromEntries(lists.map((list, at) => [list, value(at)]))
  const { opening, closing } = state
  return {
    id: statementId,
    status: state.status,
    format: state.format,
    account: { bankBin: state.bankBin, accountNumber: state.accountNumber },
    currency: state.currency,
    ...(opening !== undefined && { openingBalance: shown(BigInt(opening), state.currency) }),
    ...(closing !== undefined && { closingBalance: shown(BigInt(closing), state.currency) }),
    from: state.from,
    to: state.to,
    receivedAt: state.receivedAt,
    lineCount: state.lineCount,
    known: state.status === 'reconciled' ? state.counts.known : 0,
    totals: each((at) => totalOf(lists[at]!, sums, state.currency)),
    ...each((at) => views[at]!),
    nextCursors: each((at) => pages[at]!.nextCursor),
  }
}

const shown = (minor: bigint, currency: string): string => formatMoney(money(minor, currency as Currency))

function totalOf(list: List, sums: readonly StatementSum[], currency: string) {
  const { count = 0, credits = 0n, debits = 0n } = sums.find((sum) => sum.list === list) ?? {}
  return { count, credits: shown(credits, currency), debits: shown(debits, currency) }
}

export async function lineView(row: StatementLineRow, services: Services): Promise<object> {
  const { direction, currency } = row
  const money = { direction, amount: shown(row.amount, currency), currency }
  if (row.list === 'missing') return { itemId: row.items, kind: row.kind, ...money, expectedOn: row.day }
  return {
    id: row.id,
    line: row.line,
    ...money,
    bookedOn: row.day,
    ...(row.bankReference !== null && { bankReference: row.bankReference }),
    state: row.state,
    ...(row.rule !== null && { rule: row.rule }),
    items: row.items === '' ? [] : row.items.split(' '),
    ...(row.expected !== null && { expectedAmount: shown(row.expected, currency) }),
    ...(row.creditId !== null && (await creditView(row.creditId, services))),
    ...(row.sealed !== null && wordsOf(row.sealed, services)),
  }
}

async function creditView(creditId: string, { gateway }: Services) {
  const { state } = await gateway.credits.load(creditId)
  return state.status === 'new' ? { creditId } : { creditId, outcome: answerOf(state.reason ?? 'applied') }
}

/** Nothing where the key has been dropped. */
function wordsOf(sealed: string, { vault }: Services) {
  const opened = vault.open(sealed)
  if (opened === undefined) return {}
  const { text, counterparty } = JSON.parse(opened) as {
    text: string
    counterparty?: { accountNumber: string }
  }
  return {
    ...(text !== '' && { text }),
    ...(counterparty && { counterparty: counterparty.accountNumber }),
  }
}
