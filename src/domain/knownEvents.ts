// Every event that this version of the gateway can read. One that it does not know was written by a newer version: it is not passed over.
import type { EstablishmentEvent } from './adoption/establishment.ts'
import type { ObservationEvent } from './adoption/observation.ts'
import type { OwnTargetsEvent } from './adoption/ownTargets.ts'
import type { BillEvent } from './bills/bill.ts'
import type { BillerEvent } from './bills/biller.ts'
import type { CustomerEvent } from './bills/customer.ts'
import type { ComplaintEvent } from './complaints/complaintEvents.ts'
import type { ConnectorEvent } from './connectors/connector.ts'
import type { NotificationEvent } from './connectors/notification.ts'
import { type EventStore, type Recorded, StoreUnavailable } from './core/eventStore.ts'
import { upcasting } from './core/upcast.ts'
import type { MandateEvent } from './mandates/mandateEvents.ts'
import type { ApiKeyEvent } from './merchants/apiKey.ts'
import type { MerchantEvent } from './merchants/merchant.ts'
import type { SiteEvent } from './merchants/site.ts'
import type { CreditEvent } from './payments/credit.ts'
import type { PaymentEvent } from './payments/payment.ts'
import type { BatchEvent } from './pos/batch.ts'
import type { TerminalEvent } from './pos/terminal.ts'
import type { SealEvent } from './proof/seal.ts'
import type { CutEvent } from './settlement/cut.ts'
import type { FeePlansEvent } from './settlement/feePlans.ts'
import type { FeeVolumeEvent } from './settlement/feeVolume.ts'
import type { ExceptionEvent } from './settlement/reconciliationException.ts'
import type { SettlementEvent } from './settlement/settlement.ts'
import type { StatementEvent } from './settlement/statement.ts'
import type { LinesEvent } from './settlement/statementLines.ts'
import type { TraceEvent } from './traces/trace.ts'
import type { WebhookEndpointEvent } from './webhooks/webhookEndpoint.ts'

type KnownEvent =
  | EstablishmentEvent
  | ObservationEvent
  | OwnTargetsEvent
  | BillEvent
  | BillerEvent
  | CustomerEvent
  | ComplaintEvent
  | ConnectorEvent
  | NotificationEvent
  | MandateEvent
  | ApiKeyEvent
  | MerchantEvent
  | SiteEvent
  | CreditEvent
  | PaymentEvent
  | BatchEvent
  | TerminalEvent
  | SealEvent
  | CutEvent
  | FeePlansEvent
  | FeeVolumeEvent
  | ExceptionEvent
  | SettlementEvent
  | StatementEvent
  | LinesEvent
  | TraceEvent
  | WebhookEndpointEvent

/** By type: the newest shape of its data that is known here. An event says which it has where that is not the first (`metadata.shape`). */
const newestShapes: Readonly<Record<KnownEvent['type'], number>> = {
  AuthorizationExpired: 1,
  AuthorizationIncremented: 1,
  AuthorizationOutcomeUnknown: 1,
  BatchBalanced: 1,
  BatchCloseFailed: 1,
  BatchClosedOutOfBalance: 1,
  BatchOpened: 1,
  BatchOutOfBalance: 1,
  BatchRecordUploaded: 1,
  BillCanceled: 1,
  BillIssued: 1,
  BillLocked: 1,
  BillPaid: 1,
  BillPaidElsewhere: 1,
  BillPaymentPosted: 1,
  BillPaymentReceived: 1,
  BillPaymentRefused: 1,
  BillProfileSet: 1,
  BillReissued: 1,
  BillShareUnreturned: 1,
  BillSuperseded: 1,
  BillUnlocked: 1,
  ComplaintDefaultResolved: 1,
  ComplaintEvidenceAdded: 1,
  ComplaintOpened: 1,
  ComplaintRefundFailed: 1,
  ComplaintRefunded: 1,
  ComplaintRejected: 1,
  ComplaintResolved: 1,
  CompletionAcknowledged: 1,
  CompletionRefused: 1,
  CompletionRequested: 1,
  ConnectorRegistered: 1,
  CreditApplicationCompleted: 1,
  CreditApplicationRefused: 1,
  CreditApplicationRequested: 1,
  CreditApplied: 1,
  CreditConflicted: 1,
  CreditEscheated: 1,
  CreditReceived: 1,
  CreditReread: 1,
  CreditReturnFailed: 1,
  CreditReturnRequested: 1,
  CreditReturnSent: 1,
  CreditReturnUnknown: 1,
  CreditReturned: 1,
  CreditUnapplied: 1,
  CustomerForgotten: 1,
  DaySealed: 1,
  DebitAnnounced: 1,
  DebitCompleted: 1,
  DebitDeclined: 1,
  DebitRequested: 1,
  DebitSkipped: 1,
  DebitUnknown: 1,
  DisputeEvidenceSubmitted: 1,
  DisputeLost: 1,
  DisputeOpened: 1,
  DisputeWon: 1,
  EstablishmentChanged: 1,
  EstablishmentClosed: 1,
  EstablishmentLinkRefused: 1,
  EstablishmentLinked: 1,
  EstablishmentRegistered: 1,
  ExpectedItemMissing: 1,
  FeePlansSet: 1,
  FeeVolumeRecorded: 1,
  FulfillmentDisputed: 1,
  FulfillmentExceptionResolved: 1,
  FulfillmentReported: 1,
  FulfillmentTimedOut: 1,
  FulfillmentUnsettled: 1,
  IncrementDeclined: 1,
  IncrementRequested: 1,
  KeyIssued: 1,
  KeyRevoked: 1,
  LateApprovalReceived: 1,
  MandateActivated: 1,
  MandateCanceled: 1,
  MandateDeclined: 1,
  MandatePaused: 1,
  MandatePending: 1,
  MandateRequested: 1,
  MandateResumed: 1,
  MerchantRegistered: 1,
  MerchantSettingsChanged: 1,
  NotificationSetAside: 1,
  ObservationRecorded: 1,
  PaymentAuthorized: 1,
  PaymentCanceled: 1,
  PaymentCaptured: 1,
  PaymentDeclined: 1,
  PaymentExpired: 1,
  PaymentForestalled: 1,
  PaymentPaid: 1,
  PaymentRequested: 1,
  PaymentReversed: 1,
  PaymentVoided: 1,
  PayoutAccepted: 1,
  PayoutRejected: 1,
  PayoutRequested: 1,
  PayoutSettled: 1,
  PickupClaimed: 1,
  QrIssued: 1,
  ReconciliationExceptionAssigned: 1,
  ReconciliationExceptionResolved: 1,
  RefundCompleted: 1,
  RefundFailed: 1,
  RefundRequested: 1,
  RefundRetried: 1,
  RefundSent: 1,
  RefundTransferRequested: 1,
  RefundUnknown: 1,
  ReversalAcknowledged: 1,
  ReversalRequested: 1,
  SettlementClosed: 1,
  SettlementCutCompleted: 1,
  SettlementCutTaken: 1,
  SiteRegistered: 1,
  StatementLineReconciled: 1,
  StatementReceived: 1,
  StatementReconciled: 1,
  TargetsSet: 1,
  TerminalActivated: 1,
  TerminalBlocked: 1,
  TerminalKeyRotated: 1,
  TerminalLost: 1,
  TerminalMacKeyIssued: 1,
  TerminalRegistered: 1,
  TerminalRevoked: 1,
  TerminalSeen: 1,
  TerminalUnblocked: 1,
  TraceClosed: 1,
  TraceFound: 1,
  TraceOpened: 1,
  WebhookEndpointChanged: 1,
  WebhookEndpointDisabled: 1,
  WebhookEndpointEnabled: 1,
  WebhookEndpointRegistered: 1,
  WebhookReplayRequested: 1,
  WebhookSecretRotated: 1,
}

/**
 * The store as this version reads it: every event in today's shape, and none that it would misread. What reads one of a
 * newer version stops there with StoreUnavailable, and goes on once the newer version runs: a state or a row without it would be wrong.
 */
export const readable = (store: EventStore): EventStore => upcasting(refusingUnknown(store))

function refusingUnknown(store: EventStore): EventStore {
  return {
    ...store,
    read: async (stream, afterVersion) => {
      const events = await store.read(stream, afterVersion)
      const newer = events.find(isNewer)
      if (newer) throw refusal(newer)
      return events
    },
    readAll: async (after, limit) => upToNewer(await store.readAll(after, limit)),
    follow: async function* (after, signal, batchSize) {
      for await (const events of store.follow(after, signal, batchSize)) {
        const known = upToNewer(events)
        yield known
        if (known.length < events.length) throw refusal(events[known.length]!)
      }
    },
  }
}

/** Whether a newer version of the gateway wrote an event: its type or its shape is not known here. */
export function isNewer({ type, metadata: { shape = 1 } }: Pick<Recorded, 'type' | 'metadata'>): boolean {
  const isKnown = Object.hasOwn(newestShapes, type)
  return !isKnown || shape > newestShapes[type as KnownEvent['type']]
}

/** What stands before the first that is newer; there must be something. */
function upToNewer(events: readonly Recorded[]): readonly Recorded[] {
  const end = events.findIndex(isNewer)
  if (end === 0) throw refusal(events[0]!)
  return end === -1 ? events : events.slice(0, end)
}

function refusal({ type, stream, version, metadata: { shape } }: Recorded): StoreUnavailable {
  const what = shape === undefined ? type : `${type} in shape ${shape}`
  return new StoreUnavailable(
    `${stream} has ${what} (version ${version}), which this version of the gateway does not know: run the newer version that wrote it`,
  )
}
