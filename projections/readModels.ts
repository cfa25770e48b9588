// Every read model, and the questions that may be asked of them. An adapter answers, in whatever database it keeps the rows.

import type { Adopters } from '../src/domain/adoption/definitions/cohorts.ts'
import type { SiteOn } from '../src/domain/adoption/definitions/siteOn.ts'
import type { MerchantTerminalsOn, TerminalOn } from '../src/domain/adoption/definitions/terminalOn.ts'
import type { SettledPayment } from '../src/domain/adoption/definitions/timeToSettlement.ts'
import type { PayingMethod, Place } from '../src/domain/adoption/shoppingMap.ts'
import type { MandateLists } from '../src/domain/mandates/findMandates.ts'
import type { DueDebit } from '../src/domain/mandates/runDebits.ts'
import type { BankAccount } from '../src/domain/payments/transferConnector.ts'
import type { BatchRecord } from '../src/domain/pos/batchEntries.ts'
import type { PresenceEvent } from '../src/domain/pos/uptime.ts'
import type { Account } from '../src/domain/settlement/accounts.ts'
import type { CutOff } from '../src/domain/settlement/cutOff.ts'
import type { ExpectedItem, ItemKind } from '../src/domain/settlement/expectedItem.ts'
import type { PayoutFileName } from '../src/domain/settlement/payoutFile.ts'
import type { ReportedEntry } from '../src/domain/settlement/report.ts'
import type { EntryRange, OpenAccount } from '../src/domain/settlement/settleAccount.ts'
import type { Sought, TracedCredit } from '../src/domain/traces/rankTraced.ts'
import { accountTellers } from './accountTellers.ts'
import { batchEntries } from './batchEntries.ts'
import { batches } from './batches.ts'
import { type BillPostingRow, billPostings } from './billPostings.ts'
import { bills } from './bills.ts'
import { cardAdvices } from './cardAdvices.ts'
import { type ComplaintRow, complaints } from './complaints.ts'
import { type ConnectorRow, connectors } from './connectors.ts'
import { credits } from './credits.ts'
import { cutOffs } from './cutOffs.ts'
import { dueDebits } from './dueDebits.ts'
import { establishmentLinks } from './establishmentLinks.ts'
import { establishments } from './establishments.ts'
import { type EstablishmentUploadRow, establishmentUploads } from './establishmentUploads.ts'
import { type FulfillmentExceptionRow, fulfillmentExceptions } from './fulfillmentExceptions.ts'
import { type LedgerRow, type LedgerSums, ledgerDays, ledgerMinutes } from './ledger.ts'
import { type MandateRow, mandates } from './mandates.ts'
import { merchants } from './merchants.ts'
import { type ObservationRow, observations } from './observations.ts'
import { payableDays } from './payableDays.ts'
import { type PayableLineRow, payableLines } from './payableLines.ts'
import { type PaymentOutcomeRow, paymentOutcomes } from './paymentOutcomes.ts'
import { type PaymentRow, payments } from './payments.ts'
import { type PayoutRow, payouts } from './payouts.ts'
import { places } from './places.ts'
import type { Projection } from './projection.ts'
import { reconciledItems } from './reconciledItems.ts'
import { type ReconciliationExceptionRow, reconciliationExceptions } from './reconciliationExceptions.ts'
import { type SealRow, seals } from './seals.ts'
import { settlementAccounts } from './settlementAccounts.ts'
import { settlementCuts } from './settlementCuts.ts'
import { settlementEntries } from './settlementEntries.ts'
import { settlementMinutes } from './settlementMinutes.ts'
import { type SettlementRow, settlements } from './settlements.ts'
import { settlementTimes } from './settlementTimes.ts'
import { sites } from './sites.ts'
import { type StatementLineRow, statementLines } from './statementLines.ts'
import { type StatementRow, statements } from './statements.ts'
import { takings } from './takings.ts'
import { takingsDays, takingsMonths } from './takingsSums.ts'
import { terminalLives } from './terminalLives.ts'
import { terminalPresence } from './terminalPresence.ts'
import { terminals } from './terminals.ts'
import { ticketBands } from './ticketBands.ts'
import { type TraceRow, traces } from './traces.ts'
import { type TransferRow, transfers } from './transfers.ts'
import { type UnappliedCreditRow, unappliedCredits } from './unappliedCredits.ts'

/** What is listed and counted. */
export const listProjections: readonly Projection[] = [
  payments,
  takings,
  sites,
  merchants,
  terminals,
  cardAdvices,
  fulfillmentExceptions,
  batchEntries,
  batches,
  establishments,
  bills,
  billPostings,
  establishmentUploads,
  establishmentLinks,
  observations,
  complaints,
  ticketBands,
  paymentOutcomes,
  terminalLives,
  terminalPresence,
  mandates,
  dueDebits,
  places,
  takingsDays,
  takingsMonths,
]

/** What moves money and what is owed: about as much work as all the others, so that a rebuild gives each half a thread. */
export const bookProjections: readonly Projection[] = [
  seals,
  transfers,
  unappliedCredits,
  connectors,
  ledgerMinutes,
  ledgerDays,
  payableLines,
  payableDays,
  settlementEntries,
  settlementAccounts,
  settlementMinutes,
  settlementCuts,
  settlementTimes,
  settlements,
  payouts,
  cutOffs,
  credits,
  accountTellers,
  statements,
  statementLines,
  reconciledItems,
  reconciliationExceptions,
  traces,
]

export const projections: readonly Projection[] = [...listProjections, ...bookProjections]

/** What statistics are counted from whichever logs it stands in: rows are of one merchant each, or add up, and none is known by its position. */
export const mergeableStatistics: readonly Projection[] = [
  takings,
  sites,
  merchants,
  establishments,
  establishmentLinks,
  observations,
  ticketBands,
  paymentOutcomes,
  terminalLives,
  terminalPresence,
  places,
  takingsDays,
  takingsMonths,
]

/** What statistics are counted from: kept once more for each instant of which somebody asks what was known. */
export const statisticsProjections: readonly Projection[] = [
  ...mergeableStatistics,
  settlementEntries,
  settlementMinutes,
  settlementTimes,
]

/** One page of a list: at most `limit` rows after the row that `cursor` names (opaque, from the page before). */
export type Page = { readonly limit: number; readonly cursor: string | undefined }
export type Paged<T> = { readonly rows: readonly T[]; readonly nextCursor: string | null }

export type PaymentFilter = {
  readonly merchantId?: string
  readonly siteId?: string
  readonly terminalId?: string
  readonly status?: string
  readonly orderId?: string
  /** Created at or after, and before; RFC 3339 UTC. */
  readonly from?: string
  readonly to?: string
}

/** Sums of takings; `group` holds the value of each dimension asked for. */
export type Sum = {
  readonly group: Readonly<Record<string, string>>
  readonly count: number
  readonly gross: bigint
  readonly fees: bigint
  readonly currency: string
}
export const dimensions = ['sector', 'district', 'method'] as const
export type Dimension = (typeof dimensions)[number]
export const intervals = ['day', 'month', 'year'] as const
export type Interval = (typeof intervals)[number]

/** An establishment that may be a site, and what of the two is the same. */
export type DoubtfulLink = {
  readonly establishmentId: string
  readonly siteId: string
  readonly fits: 'licenseNumber' | 'taxCode'
}

/** How many sites of a sector in a district can take payment, and how many did within the window. */
export type Acceptance = {
  readonly sector: string
  readonly district: string
  readonly registered: number
  readonly active: number
}

export type ComplaintFilter = { readonly merchantId?: string; readonly status?: string }
/** What became of payments of a method in a month, all sites together; '' where the log does not say it. */
export type OutcomeSum = Omit<PaymentOutcomeRow, 'businessDate'>

/** Payments of a month in one cell of the finest table. */
export type BandSum = {
  readonly merchantId: string
  readonly sector: string
  readonly district: string
  readonly method: string
  readonly currency: string
  readonly band: bigint
  readonly count: number
  readonly gross: bigint
}

/** Mandates for a biller's bills, or those that an agent gave for payers. */
export type MandateFilter = {
  readonly as: 'biller' | 'agent'
  readonly merchantId: string
  readonly status?: string
}

export type TraceFilter = { readonly merchantId?: string; readonly status?: string }
export type TransferFilter = { readonly merchantId?: string; readonly status?: string }

/** Without a merchant: everybody's. */
export type TerminalFilter = {
  readonly merchantId?: string
  readonly siteId?: string
  readonly status?: string
  readonly presence?: string
}

/** Places of the map that were paid after one business date and up to another. */
export type PlaceFilter = {
  readonly sector?: string
  /** As the registry writes it, or as the merchant did where it is no district of Hanoi. */
  readonly district?: string
  readonly method?: PayingMethod
  /** Only places of these sectors and districts, as merchants wrote them. */
  readonly cells?: readonly { readonly sector: string; readonly district: string }[]
  readonly paidAfter: string
  readonly asOf: string
}

export type EstablishmentFilter = { readonly sector?: string; readonly district?: string }

export type BillerName = { readonly id: string; readonly name: string }
/** Without a merchant: everybody's. */
export type SettlementFilter = { readonly merchantId?: string; readonly businessDate?: string }

/** What is in the payout file of a business date: `final` once nothing more can come into it. */
export type PayoutFile = { readonly final: boolean; readonly rows: readonly PayoutRow[] }
export type KnownLine = Pick<StatementLineRow, 'statementId' | 'creditId'>

/** Credits and debits of a list in minor units, without a sign. */
export type StatementSum = {
  readonly list: string
  readonly count: number
  readonly credits: bigint
  readonly debits: bigint
}

/** `paysOut`: payouts leave from it. To any other account they come. */
export type StatementAccount = BankAccount & { readonly paysOut: boolean }

/** Items of an account between two business dates, both included. */
export type ItemRange = StatementAccount & {
  readonly currency: string
  readonly from: string
  readonly to: string
}

/** Unapplied money received after one instant and up to another, per currency. */
export type UnappliedSum = { readonly currency: string; readonly count: number; readonly amount: bigint }

/** What every account was debited and credited with, in one currency. */
export type LedgerTotal = LedgerSums & { readonly currency: string }

/** A minute of the log, and a place in the log before its first posting ('' : the start). */
export type LedgerMinute = LedgerRow & { readonly after: string }

/** Minutes from the one to the other, both included, of one currency or any, with postings to an account or any. */
export type MinuteFilter = {
  readonly from: string
  readonly to: string
  readonly currency?: string
  readonly account?: Account
}

/** Lines of one merchant in one currency recorded from one instant on and before another. */
export type PayableFilter = {
  readonly merchantId: string
  readonly currency: string
  readonly from: string
  readonly to: string
}

export type ReadModels = {
  readonly listPayments: (filter: PaymentFilter, page: Page) => Promise<Paged<PaymentRow>>
  /** Ids of pending payments whose time is over. */
  readonly duePayments: (now: string, limit: number) => Promise<readonly string[]>
  /** Takings of a merchant per business day, method and currency, from the first day to the last, both included. */
  readonly dailyTakings: (merchantId: string, from: string, to: string) => Promise<readonly Sum[]>
  /** Oldest first; a merchant sees what named its payments or came to its account. */
  readonly listUnapplied: (merchantId: string | undefined, page: Page) => Promise<Paged<UnappliedCreditRow>>
  /** What that list adds up to, of what was received after `after` ('' : the beginning) and up to `upTo`. */
  readonly sumUnapplied: (
    merchantId: string | undefined,
    after: string,
    upTo: string,
  ) => Promise<readonly UnappliedSum[]>
  /** Ids of credits with unapplied money received at or before an instant, oldest first. */
  readonly unappliedBefore: (instant: string, limit: number) => Promise<readonly string[]>
  /** Newest first. */
  readonly listTransfers: (filter: TransferFilter, page: Page) => Promise<Paged<TransferRow>>
  /** Ids of transfers to be sent or asked about. */
  readonly dueTransfers: (now: string, limit: number) => Promise<readonly string[]>
  /** Ids of card payments of which the network has something to be told at an instant, longest due first. */
  readonly dueCardPayments: (now: string, limit: number) => Promise<readonly string[]>
  /** Ids of payments of which a terminal has something to hand out, the first deadline first. */
  readonly toHandOut: (terminalId: string, limit: number) => Promise<readonly string[]>
  /** Ids of payments that wait at a site to be picked up. */
  readonly toPickUp: (siteId: string, limit: number) => Promise<readonly string[]>
  /** Oldest first. Without a merchant: everybody's. */
  readonly listFulfillmentExceptions: (
    merchantId: string | undefined,
    page: Page,
  ) => Promise<Paged<FulfillmentExceptionRow>>
  /** Payments, of one merchant or any, that a credit could be meant for: same account, still open, nearest amount first. */
  readonly candidates: (
    credit: UnappliedCreditRow,
    merchantId: string | undefined,
    limit: number,
  ) => Promise<readonly PaymentRow[]>
  /** Ids in order; the cursor is the last of the page before. Without a merchant: everybody's. */
  readonly siteIds: (merchantId: string | undefined, page: Page) => Promise<Paged<string>>
  readonly terminalIds: (filter: TerminalFilter, page: Page) => Promise<Paged<string>>
  /** Ids of terminals that were seen and not lost since, in order, after an id. */
  readonly presentTerminals: (after: string, limit: number) => Promise<readonly string[]>
  readonly connectorIds: (page: Page) => Promise<Paged<string>>
  /** Numbers of a terminal's batches, the newest first; the cursor is a number. */
  readonly batchNumbers: (terminalId: string, page: Page) => Promise<Paged<string>>
  /** What was recorded at a terminal in a currency, all that something happened to after a place in the log. */
  readonly batchRecords: (
    terminalId: string,
    currency: string,
    after: string,
  ) => Promise<readonly BatchRecord[]>
  /** Merchants of the sectors that send bills, by name. */
  readonly billersByName: (limit: number) => Promise<readonly BillerName[]>
  readonly merchantIds: (page: Page) => Promise<Paged<string>>
  /** Ids of a customer's open bills, the first due first. */
  readonly openBills: (billerId: string, customerCode: string, limit: number) => Promise<readonly string[]>
  /** What was paid of a biller's bills, oldest first. */
  readonly listBillPostings: (
    filter: { readonly billerId: string; readonly posting: string },
    page: Page,
  ) => Promise<Paged<BillPostingRow>>
  /** Ids of bills that begin so, in order. */
  readonly billsStartingWith: (start: string, limit: number) => Promise<readonly string[]>
  /** Whether a biller has ever sent a customer a bill. */
  readonly hasBills: (billerId: string, customerCode: string) => Promise<boolean>
  /** Oldest first. */
  readonly listComplaints: (filter: ComplaintFilter, page: Page) => Promise<Paged<ComplaintRow>>
  /** Ids of complaints that nobody answered by an instant, the first deadline first. */
  readonly dueComplaints: (now: string, limit: number) => Promise<readonly string[]>
  /** Newest first. */
  readonly listMandates: (filter: MandateFilter, page: Page) => Promise<Paged<MandateRow>>
  /** Ids of mandates to be registered at the payer's bank or asked about, longest due first. */
  readonly dueMandates: (now: string, limit: number) => Promise<readonly string[]>
  /** Debits to be carried out or asked about, longest due first, after one of them. */
  readonly dueDebits: (
    now: string,
    after: DueDebit | undefined,
    limit: number,
  ) => Promise<readonly DueDebit[]>
  readonly mandateBillers: MandateLists['mandateBillers']
  readonly activeMandates: MandateLists['activeMandates']
  readonly establishmentIds: (filter: EstablishmentFilter, page: Page) => Promise<Paged<string>>
  /** License numbers of the registry that have one of some tax codes, at most `limit` a code. */
  readonly licensesOf: (
    taxCodes: readonly string[],
    limit: number,
  ) => Promise<ReadonlyMap<string, readonly string[]>>
  /** Uploads of establishments that changed something, the newest first. */
  readonly listEstablishmentUploads: (page: Page) => Promise<Paged<EstablishmentUploadRow>>
  /** In the order of their ids; the cursor is both of them, a point between. */
  readonly doubtfulLinks: (page: Page) => Promise<Paged<DoubtfulLink>>
  /** Establishments open on a business date; active: linked to a site that is. A sector that the registry has none of is not there. */
  readonly registryAcceptance: (
    asOf: string,
    activeFrom: string,
  ) => Promise<readonly Omit<Acceptance, 'district'>[]>
  /** In the order of indicator, day and revision; the cursor is the id of a row. Without an indicator: all. */
  readonly listObservations: (indicator: string | undefined, page: Page) => Promise<Paged<ObservationRow>>
  /** Of each indicator and year the latest one about a day up to `asOf`, as it stands. */
  readonly observationsOfYears: (asOf: string) => Promise<readonly ObservationRow[]>
  /** Sites as of a business date; active: paid at least once from `activeFrom` to `asOf`. */
  readonly acceptance: (asOf: string, activeFrom: string) => Promise<readonly Acceptance[]>
  /** Every site as it stood on a business date, in the order of their ids. */
  readonly sitesOn: (asOf: string) => Promise<readonly SiteOn[]>
  /** By name; the cursor is an id. */
  readonly listPlaces: (filter: PlaceFilter, page: Page) => Promise<Paged<Place>>
  /** Terminals on a business date, by kind. */
  readonly terminalsOn: (asOf: string) => Promise<readonly TerminalOn[]>
  /** The same by merchant. */
  readonly merchantTerminalsOn: (asOf: string) => Promise<readonly MerchantTerminalsOn[]>
  /** What happened to the presence of each terminal in the months from one to another, and in the last before; in order. */
  readonly presenceSince: (from: string, to: string) => Promise<readonly (readonly PresenceEvent[])[]>
  /** The payments of the latest business date after one day and up to another of which payouts were asked for; each with the payout of its settlement. */
  readonly settledPayments: (after: string, asOf: string) => Promise<readonly SettledPayment[]>
  /** Sites by the day on which they were first paid and by merchant, from one day to another, in the order of days. */
  readonly adopters: (since: string, asOf: string) => Promise<readonly Adopters[]>
  /** Of a month (`2026-11`). */
  readonly outcomes: (month: string) => Promise<readonly OutcomeSum[]>
  readonly bands: (month: string) => Promise<readonly BandSum[]>
  /** The same over all merchants; at most `limit`, in the order of district, sector, method, currency and band. */
  readonly bandCells: (month: string, limit: number) => Promise<readonly Omit<BandSum, 'merchantId'>[]>
  /** The same over all merchants, sectors and districts. */
  readonly bandTotals: (
    month: string,
  ) => Promise<readonly Pick<BandSum, 'method' | 'currency' | 'band' | 'count' | 'gross'>[]>
  /** At most `limit` sums, in the order of period and groups. */
  readonly statistics: (
    from: string,
    to: string,
    interval: Interval,
    by: readonly Dimension[],
    limit?: number,
  ) => Promise<readonly Sum[]>
  /** Of all that was recorded before a minute (`2026-11-22T03:00`), or of all there is. */
  readonly ledgerTotals: (beforeMinute?: string) => Promise<readonly LedgerTotal[]>
  /** In their order. */
  readonly ledgerMinutes: (filter: MinuteFilter, limit: number) => Promise<readonly LedgerMinute[]>
  /** What a merchant is owed by all that was recorded before an instant, and at that instant up to a position ('' : nothing more). */
  readonly payableUpTo: (
    merchantId: string,
    currency: string,
    instant: string,
    position: string,
  ) => Promise<bigint>
  /** In the order of their times; the cursor is the time and position of a line. */
  readonly listPayableLines: (filter: PayableFilter, page: Page) => Promise<Paged<PayableLineRow>>
  /** The newest first; the cursor is a date. */
  readonly listSeals: (page: Page) => Promise<Paged<SealRow>>
  /** The date of the seal over a position, undefined while there is none. */
  readonly sealedOn: (position: string) => Promise<string | undefined>
  /** Accounts with entries after their last settlement, in the order of merchant and currency, after one of them. */
  readonly openAccounts: (after: OpenAccount | undefined, limit: number) => Promise<readonly OpenAccount[]>
  /** The position of the last entry recorded before an instant that is a full minute; '' where there is none. */
  readonly lastBefore: (instant: string) => Promise<string>
  /** When the first entry of all was recorded, to the minute. */
  readonly firstEntryAt: () => Promise<string | undefined>
  /** The cut-off on a date of each merchant that ever set one. */
  readonly cutOffsOn: (date: string) => Promise<ReadonlyMap<string, CutOff>>
  /** The entries of an account after a position and up to another, in order. */
  readonly settlementEntries: (range: EntryRange, limit: number) => Promise<readonly ReportedEntry[]>
  /** The newest date first, then by id; the cursor is both of them, a point between. */
  readonly listSettlements: (filter: SettlementFilter, page: Page) => Promise<Paged<SettlementRow>>
  /** All of a business date, by id. */
  readonly settlementsOf: (businessDate: string) => Promise<readonly SettlementRow[]>
  /** The payouts of the settlements of a date, and those that were asked for again while it was open; or those that one of its cuts asked for to be carried out that day. By end-to-end id. */
  readonly payoutFile: (name: PayoutFileName, merchantId: string | undefined) => Promise<PayoutFile>
  /** Files that nothing more can come into, with how many payouts are in each, the newest first; the cursor is the number of a cut. */
  readonly payoutFiles: (page: Page) => Promise<Paged<PayoutFileName & { readonly payouts: number }>>
  /** Ids of settlements with money that waits for an account, in order, after an id. */
  readonly unpaidSettlements: (after: string, limit: number) => Promise<readonly string[]>
  /** The accounts of this number that merchants have their money on. */
  readonly accountsNumbered: (accountNumber: string) => Promise<readonly BankAccount[]>
  /** The connectors that have told of credits on an account, the last one first. */
  readonly connectorsOf: (account: BankAccount) => Promise<readonly ConnectorRow[]>
  /** The connectors of banks, at most a hundred. */
  readonly bankConnectors: () => Promise<readonly ConnectorRow[]>
  /** Of these ids the items that a statement must show and none has shown yet. */
  readonly expectedItems: (
    account: StatementAccount,
    ids: readonly string[],
  ) => Promise<readonly ExpectedItem[]>
  /** Items of a kind that no statement has shown yet. */
  readonly openItems: (kind: ItemKind, range: ItemRange, page: Page) => Promise<Paged<ExpectedItem>>
  /** Of these lines those that are recorded, as the first statement had each. */
  readonly knownLines: (ids: readonly string[]) => Promise<ReadonlyMap<string, KnownLine>>
  /** Whether the account's last statements called transactions as notifications do. */
  readonly banksNamesAgree: (account: BankAccount) => Promise<boolean>
  /** The days of an account that statements have shown whole, of those that touch these days. */
  readonly statementDays: (
    account: BankAccount,
    days: { readonly from: string; readonly to: string },
  ) => Promise<readonly { readonly firstDay: string; readonly lastDay: string }[]>
  /** Newest first. */
  readonly listStatements: (page: Page) => Promise<Paged<StatementRow>>
  /** Lines of a statement, or what it lacks, in their order; the cursor is the last row's id. */
  readonly statementLines: (statementId: string, list: string, page: Page) => Promise<Paged<StatementLineRow>>
  /** How much is in each list of a statement. */
  readonly sumStatement: (statementId: string) => Promise<readonly StatementSum[]>
  /** Open ones, the longest open first. */
  readonly listReconciliationExceptions: (page: Page) => Promise<Paged<ReconciliationExceptionRow>>
  readonly reconciliationException: (id: string) => Promise<ReconciliationExceptionRow | undefined>
  /** Oldest first. */
  readonly listTraces: (filter: TraceFilter, page: Page) => Promise<Paged<TraceRow>>
  /** Unapplied money, of one merchant or any, with this transaction id, or of this amount and paid about that day; newest first. */
  readonly tracedCredits: (
    merchantId: string | undefined,
    sought: Sought,
    limit: number,
  ) => Promise<readonly TracedCredit[]>
}
