// The read models' tables as Kysely knows them, and their rows with each cell as its projection declares it.
import type { AccountTellerRow } from '../../../projections/accountTellers.ts'
import type { BatchEntryRow } from '../../../projections/batchEntries.ts'
import type { BatchRow } from '../../../projections/batches.ts'
import type { BillPostingRow } from '../../../projections/billPostings.ts'
import type { BillRow } from '../../../projections/bills.ts'
import type { CardAdviceRow } from '../../../projections/cardAdvices.ts'
import type { ComplaintRow } from '../../../projections/complaints.ts'
import type { ConnectorRow } from '../../../projections/connectors.ts'
import type { CreditRow } from '../../../projections/credits.ts'
import type { CutOffRow } from '../../../projections/cutOffs.ts'
import type { DueDebitRow } from '../../../projections/dueDebits.ts'
import type { EstablishmentLinkRow } from '../../../projections/establishmentLinks.ts'
import type { EstablishmentRow } from '../../../projections/establishments.ts'
import type { EstablishmentUploadRow } from '../../../projections/establishmentUploads.ts'
import type { FulfillmentExceptionRow } from '../../../projections/fulfillmentExceptions.ts'
import type { LedgerRow } from '../../../projections/ledger.ts'
import type { MandateRow } from '../../../projections/mandates.ts'
import type { MerchantRow } from '../../../projections/merchants.ts'
import type { ObservationRow } from '../../../projections/observations.ts'
import type { PayableDayRow } from '../../../projections/payableDays.ts'
import type { PayableLineRow } from '../../../projections/payableLines.ts'
import type { PaymentOutcomeRow } from '../../../projections/paymentOutcomes.ts'
import type { PaymentRow } from '../../../projections/payments.ts'
import type { PayoutRow } from '../../../projections/payouts.ts'
import type { PlaceRow } from '../../../projections/places.ts'
import type { Cell, Projection } from '../../../projections/projection.ts'
import { projections } from '../../../projections/readModels.ts'
import type { ReconciledItemRow } from '../../../projections/reconciledItems.ts'
import type { ReconciliationExceptionRow } from '../../../projections/reconciliationExceptions.ts'
import type { SealRow } from '../../../projections/seals.ts'
import type { SettlementAccountRow } from '../../../projections/settlementAccounts.ts'
import type { SettlementCutRow } from '../../../projections/settlementCuts.ts'
import type { SettlementEntryRow } from '../../../projections/settlementEntries.ts'
import type { SettlementMinuteRow } from '../../../projections/settlementMinutes.ts'
import type { SettlementRow } from '../../../projections/settlements.ts'
import type { SettlementTimeRow } from '../../../projections/settlementTimes.ts'
import type { SiteRow } from '../../../projections/sites.ts'
import type { StatementLineRow } from '../../../projections/statementLines.ts'
import type { StatementRow } from '../../../projections/statements.ts'
import type { TakingsRow } from '../../../projections/takings.ts'
import type { TakingsDayRow, TakingsMonthRow } from '../../../projections/takingsSums.ts'
import type { TerminalLifeRow } from '../../../projections/terminalLives.ts'
import type { TerminalPresenceRow } from '../../../projections/terminalPresence.ts'
import type { TerminalRow } from '../../../projections/terminals.ts'
import type { TicketBandRow } from '../../../projections/ticketBands.ts'
import type { TraceRow } from '../../../projections/traces.ts'
import type { TransferRow } from '../../../projections/transfers.ts'
import type { UnappliedCreditRow } from '../../../projections/unappliedCredits.ts'

export type Tables = {
  payments_v6: PaymentRow
  takings_v2: TakingsRow
  takings_days_v2: TakingsDayRow
  takings_months_v2: TakingsMonthRow
  sites_v2: SiteRow
  merchants_v2: MerchantRow
  seals_v1: SealRow
  unapplied_credits_v2: UnappliedCreditRow
  transfers_v1: TransferRow
  terminals_v1: TerminalRow
  card_advices_v1: CardAdviceRow
  connectors_v1: ConnectorRow
  fulfillment_exceptions_v1: FulfillmentExceptionRow
  batch_entries_v1: BatchEntryRow
  batches_v1: BatchRow
  bills_v2: BillRow
  bill_postings_v1: BillPostingRow
  establishments_v1: EstablishmentRow
  establishment_links_v1: EstablishmentLinkRow
  observations_v1: ObservationRow
  establishment_uploads_v1: EstablishmentUploadRow
  ledger_minutes_v1: LedgerRow
  ledger_days_v1: LedgerRow
  payable_lines_v1: PayableLineRow
  payable_days_v1: PayableDayRow
  complaints_v1: ComplaintRow
  mandates_v1: MandateRow
  due_debits_v1: DueDebitRow
  ticket_bands_v1: TicketBandRow
  payment_outcomes_v1: PaymentOutcomeRow
  terminal_lives_v1: TerminalLifeRow
  settlement_entries_v1: SettlementEntryRow
  settlement_accounts_v1: SettlementAccountRow
  settlement_minutes_v1: SettlementMinuteRow
  settlement_cuts_v1: SettlementCutRow
  settlement_times_v1: SettlementTimeRow
  settlements_v1: SettlementRow
  payouts_v1: PayoutRow
  cut_offs_v1: CutOffRow
  terminal_presence_v1: TerminalPresenceRow
  credits_v1: CreditRow
  account_tellers_v1: AccountTellerRow
  statements_v2: StatementRow
  statement_lines_v1: StatementLineRow
  reconciled_items_v1: ReconciledItemRow
  reconciliation_exceptions_v1: ReconciliationExceptionRow
  places_v1: PlaceRow
  traces_v1: TraceRow
}

/** Databases give whole numbers as number, bigint or text; each is converted once, where a row is read. */
export type Count = number | bigint | string

const byName = new Map(projections.map((projection) => [projection.name, projection]))

/** A row with each cell as its projection declares it. */
export function typed<Table extends keyof Tables>(table: Table, row: object): Tables[Table] {
  const { columns } = byName.get(table) as Projection
  const entries = Object.entries(row).map(([name, value]) => [name, typedCell(columns[name], value as Cell)])
  return Object.fromEntries(entries) as Tables[Table]
}

function typedCell(column: string | undefined, value: Cell): Cell {
  if (value === null) return null
  if (column === 'money') return BigInt(value)
  return column === 'integer' ? Number(value) : value
}
