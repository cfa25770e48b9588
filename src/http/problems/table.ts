// Every code that says no, in one table. Codes are for ever; the compiler complains where a domain's refusal has none.
import type { EstablishmentRejection } from '../../domain/adoption/establishment.ts'
import type { BillRejection } from '../../domain/bills/bill.ts'
import type { OrderFault } from '../../domain/bills/billOrder.ts'
import type { ComplaintRejection } from '../../domain/complaints/complaintEvents.ts'
import type { ConnectorRejection } from '../../domain/connectors/connector.ts'
import type { HandlingRejection } from '../../domain/core/commandHandling.ts'
import type { MandateRejection } from '../../domain/mandates/mandateEvents.ts'
import type { ApiKeyRejection } from '../../domain/merchants/apiKey.ts'
import type { MerchantRejection } from '../../domain/merchants/merchant.ts'
import type { SiteRejection } from '../../domain/merchants/site.ts'
import type { CreditRejection } from '../../domain/payments/credit.ts'
import type { PaymentRejection } from '../../domain/payments/payment.ts'
import type { TerminalRejection } from '../../domain/pos/terminal.ts'
import type { CutRejection } from '../../domain/settlement/cut.ts'
import type { FeePlansRejection } from '../../domain/settlement/feePlans.ts'
import type { ExceptionRejection } from '../../domain/settlement/reconciliationException.ts'
import type { SettlementRejection } from '../../domain/settlement/settlement.ts'
import type { StatementRejection } from '../../domain/settlement/statement.ts'
import type { TraceRejection } from '../../domain/traces/trace.ts'
import type { WebhookEndpointRejection } from '../../domain/webhooks/webhookEndpoint.ts'
import { adoptionProblems } from './adoption.ts'
import { billProblems } from './bills.ts'
import { complaintProblems } from './complaints.ts'
import { creditProblems } from './credits.ts'
import type { Entry } from './entry.ts'
import { fulfillmentProblems } from './fulfillment.ts'
import { mandateProblems } from './mandates.ts'
import { merchantProblems } from './merchants.ts'
import { paymentProblems } from './payments.ts'
import { reconciliationProblems } from './reconciliation.ts'
import { requestProblems } from './request.ts'
import { settlementProblems } from './settlement.ts'
import { webhookProblems } from './webhooks.ts'

type Rejection =
  | EstablishmentRejection
  | HandlingRejection
  | MerchantRejection
  | SiteRejection
  | TerminalRejection
  | ApiKeyRejection
  | ConnectorRejection
  | PaymentRejection
  | CreditRejection
  | FeePlansRejection
  | WebhookEndpointRejection
  | ComplaintRejection
  | SettlementRejection
  | CutRejection
  | StatementRejection
  | ExceptionRejection
  | TraceRejection
  | BillRejection
  | OrderFault
  | MandateRejection

export const problems = {
  ...requestProblems,
  ...merchantProblems,
  ...paymentProblems,
  ...fulfillmentProblems,
  ...creditProblems,
  ...billProblems,
  ...mandateProblems,
  ...complaintProblems,
  ...settlementProblems,
  ...reconciliationProblems,
  ...adoptionProblems,
  ...webhookProblems,
} as const satisfies Record<Rejection, Entry>

export type ProblemCode = keyof typeof problems
