// The questions of projections/readModels.ts as SQL, built once for every SQL database that keeps the rows.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { batchQueries } from './batches.ts'
import { billQueries } from './bills.ts'
import { cardAdviceQueries } from './cardAdvices.ts'
import { complaintQueries } from './complaints.ts'
import { linkQueries } from './establishmentLinks.ts'
import { establishmentQueries } from './establishments.ts'
import { expectedItemQueries } from './expectedItems.ts'
import { figureQueries } from './figures.ts'
import { fulfillmentQueries } from './fulfillments.ts'
import { ledgerQueries } from './ledger.ts'
import { mandateQueries } from './mandates.ts'
import { merchantQueries } from './merchants.ts'
import { observationQueries } from './observations.ts'
import { payableQueries } from './payable.ts'
import { paymentQueries } from './payments.ts'
import { payoutQueries } from './payouts.ts'
import { placeQueries } from './places.ts'
import { reconciliationQueries } from './reconciliations.ts'
import { sealQueries } from './seals.ts'
import { settlementQueries } from './settlements.ts'
import { settlementTimeQueries } from './settlementTimes.ts'
import type { Tables } from './tables.ts'
import { takingsQueries } from './takings.ts'
import { terminalQueries } from './terminals.ts'
import { traceQueries } from './traces.ts'
import { transferQueries } from './transfers.ts'
import { unappliedCreditQueries } from './unappliedCredits.ts'

export const readModels = (db: Kysely<Tables>): ReadModels => ({
  ...paymentQueries(db),
  ...unappliedCreditQueries(db),
  ...transferQueries(db),
  ...merchantQueries(db),
  ...takingsQueries(db),
  ...sealQueries(db),
  ...terminalQueries(db),
  ...cardAdviceQueries(db),
  ...fulfillmentQueries(db),
  ...batchQueries(db),
  ...establishmentQueries(db),
  ...billQueries(db),
  ...linkQueries(db),
  ...observationQueries(db),
  ...ledgerQueries(db),
  ...payableQueries(db),
  ...complaintQueries(db),
  ...mandateQueries(db),
  ...figureQueries(db),
  ...settlementQueries(db),
  ...settlementTimeQueries(db, settlementQueries(db)),
  ...payoutQueries(db),
  ...expectedItemQueries(db),
  ...reconciliationQueries(db),
  ...placeQueries(db),
  ...traceQueries(db),
})
