// The type of every event that the gateway records: a log with others was written by a newer version.
import type * as establishment from './adoption/establishment.ts'
import type * as observation from './adoption/observation.ts'
import type * as ownTargets from './adoption/ownTargets.ts'
import type * as bill from './bills/bill.ts'
import type * as biller from './bills/biller.ts'
import type * as customer from './bills/customer.ts'
import type * as complaint from './complaints/complaint.ts'
import type * as connector from './connectors/connector.ts'
import type { NotificationEvent } from './connectors/notification.ts'
import type * as mandate from './mandates/mandate.ts'
import type * as apiKey from './merchants/apiKey.ts'
import type * as merchant from './merchants/merchant.ts'
import type * as site from './merchants/site.ts'
import type * as credit from './payments/credit.ts'
import type * as payment from './payments/payment.ts'
import type * as batch from './pos/batch.ts'
import type * as terminal from './pos/terminal.ts'
import type * as seal from './proof/seal.ts'
import type * as settlementCut from './settlement/cut.ts'
import type * as feePlans from './settlement/feePlans.ts'
import type * as feeVolume from './settlement/feeVolume.ts'
import type * as reconciliationException from './settlement/reconciliationException.ts'
import type * as settlement from './settlement/settlement.ts'
import type * as statement from './settlement/statement.ts'
import type * as statementLines from './settlement/statementLines.ts'
import type * as trace from './traces/trace.ts'
import type * as webhookEndpoint from './webhooks/webhookEndpoint.ts'

type Recording =
  | typeof establishment
  | typeof observation
  | typeof ownTargets
  | typeof bill
  | typeof biller
  | typeof customer
  | typeof complaint
  | typeof connector
  | typeof mandate
  | typeof apiKey
  | typeof merchant
  | typeof site
  | typeof credit
  | typeof payment
  | typeof batch
  | typeof terminal
  | typeof seal
  | typeof settlementCut
  | typeof feePlans
  | typeof feeVolume
  | typeof reconciliationException
  | typeof settlement
  | typeof statement
  | typeof statementLines
  | typeof trace
  | typeof webhookEndpoint
type TypeIn<D> = D extends { evolve: (state: never, event: infer E) => unknown }
  ? E extends { type: infer T }
    ? T
    : never
  : never

/** The compiler holds that none is missing and none too many. */
const types = {
  AuthorizationExpired: true,
  AuthorizationIncremented: true,
  AuthorizationOutcomeUnknown: true,
  BatchBalanced: true,
  BatchCloseFailed: true,
  BatchClosedOutOfBalance: true,
  BatchOpened: true,
  BatchOutOfBalance: true,
  BatchRecordUploaded: true,
  BillCanceled: true,
  BillIssued: true,
  BillLocked: true,
  BillPaid: true,
  BillPaidElsewhere: true,
  BillPaymentPosted: true,
  BillPaymentReceived: true,
  BillPaymentRefused: true,
  BillProfileSet: true,
  BillReissued: true,
  BillShareUnreturned: true,
  BillSuperseded: true,
  BillUnlocked: true,
  ComplaintDefaultResolved: true,
  ComplaintEvidenceAdded: true,
  ComplaintOpened: true,
  ComplaintRefundFailed: true,
  ComplaintRefunded: true,
  ComplaintRejected: true,
  ComplaintResolved: true,
  CompletionAcknowledged: true,
  CompletionRefused: true,
  CompletionRequested: true,
  ConnectorRegistered: true,
  CreditApplicationCompleted: true,
  CreditApplicationRefused: true,
  CreditApplicationRequested: true,
  CreditApplied: true,
  CreditConflicted: true,
  CreditEscheated: true,
  CreditReceived: true,
  CreditReread: true,
  CreditReturnFailed: true,
  CreditReturnRequested: true,
  CreditReturnSent: true,
  CreditReturnUnknown: true,
  CreditReturned: true,
  CreditUnapplied: true,
  CustomerForgotten: true,
  DaySealed: true,
  DebitAnnounced: true,
  DebitCompleted: true,
  DebitDeclined: true,
  DebitRequested: true,
  DebitSkipped: true,
  DebitUnknown: true,
  DisputeEvidenceSubmitted: true,
  DisputeLost: true,
  DisputeOpened: true,
  DisputeWon: true,
  EstablishmentChanged: true,
  EstablishmentClosed: true,
  EstablishmentLinkRefused: true,
  EstablishmentLinked: true,
  EstablishmentRegistered: true,
  ExpectedItemMissing: true,
  FeePlansSet: true,
  FeeVolumeRecorded: true,
  FulfillmentDisputed: true,
  FulfillmentExceptionResolved: true,
  FulfillmentReported: true,
  FulfillmentTimedOut: true,
  FulfillmentUnsettled: true,
  IncrementDeclined: true,
  IncrementRequested: true,
  KeyIssued: true,
  KeyRevoked: true,
  LateApprovalReceived: true,
  MandateActivated: true,
  MandateCanceled: true,
  MandateDeclined: true,
  MandatePaused: true,
  MandatePending: true,
  MandateRequested: true,
  MandateResumed: true,
  MerchantRegistered: true,
  MerchantSettingsChanged: true,
  NotificationSetAside: true,
  ObservationRecorded: true,
  PaymentAuthorized: true,
  PaymentCanceled: true,
  PaymentCaptured: true,
  PaymentDeclined: true,
  PaymentExpired: true,
  PaymentForestalled: true,
  PaymentPaid: true,
  PaymentRequested: true,
  PaymentReversed: true,
  PaymentVoided: true,
  PayoutAccepted: true,
  PayoutRejected: true,
  PayoutRequested: true,
  PayoutSettled: true,
  PickupClaimed: true,
  QrIssued: true,
  ReconciliationExceptionAssigned: true,
  ReconciliationExceptionResolved: true,
  RefundCompleted: true,
  RefundFailed: true,
  RefundRequested: true,
  RefundRetried: true,
  RefundSent: true,
  RefundTransferRequested: true,
  RefundUnknown: true,
  ReversalAcknowledged: true,
  ReversalRequested: true,
  SettlementClosed: true,
  SettlementCutCompleted: true,
  SettlementCutTaken: true,
  SiteRegistered: true,
  StatementLineReconciled: true,
  StatementReceived: true,
  StatementReconciled: true,
  TargetsSet: true,
  TerminalActivated: true,
  TerminalBlocked: true,
  TerminalKeyRotated: true,
  TerminalLost: true,
  TerminalMacKeyIssued: true,
  TerminalRegistered: true,
  TerminalRevoked: true,
  TerminalSeen: true,
  TerminalUnblocked: true,
  TraceClosed: true,
  TraceFound: true,
  TraceOpened: true,
  WebhookEndpointChanged: true,
  WebhookEndpointDisabled: true,
  WebhookEndpointEnabled: true,
  WebhookEndpointRegistered: true,
  WebhookReplayRequested: true,
  WebhookSecretRotated: true,
} satisfies Record<TypeIn<Recording> | NotificationEvent['type'], true>

export const isKnownType = (type: string): boolean => Object.hasOwn(types, type)
