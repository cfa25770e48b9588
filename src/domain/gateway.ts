// Every aggregate of the gateway over one event store.

import * as establishment from './adoption/establishment.ts'
import * as observation from './adoption/observation.ts'
import * as ownTargets from './adoption/ownTargets.ts'
import * as bill from './bills/bill.ts'
import * as biller from './bills/biller.ts'
import * as customer from './bills/customer.ts'
import * as complaint from './complaints/complaint.ts'
import * as connector from './connectors/connector.ts'
import * as notification from './connectors/notification.ts'
import { aggregate, type HandlingPorts, type StateCache } from './core/commandHandling.ts'
import * as mandate from './mandates/mandate.ts'
import * as apiKey from './merchants/apiKey.ts'
import * as merchant from './merchants/merchant.ts'
import * as site from './merchants/site.ts'
import * as credit from './payments/credit.ts'
import * as payment from './payments/payment.ts'
import * as batch from './pos/batch.ts'
import * as terminal from './pos/terminal.ts'
import * as seal from './proof/seal.ts'
import * as settlementCut from './settlement/cut.ts'
import * as feePlans from './settlement/feePlans.ts'
import * as feeVolume from './settlement/feeVolume.ts'
import * as reconciliationException from './settlement/reconciliationException.ts'
import * as settlement from './settlement/settlement.ts'
import * as statement from './settlement/statement.ts'
import * as statementLines from './settlement/statementLines.ts'
import * as trace from './traces/trace.ts'
import * as webhookEndpoint from './webhooks/webhookEndpoint.ts'

const noCache: StateCache = { get: () => undefined, set: () => {} }

export type Gateway = ReturnType<typeof openGateway>

export const openGateway = (ports: HandlingPorts) => ({
  appendInOrder: ports.store.appendInOrder,
  merchants: aggregate('merchant', merchant, ports),
  sites: aggregate('site', site, ports),
  terminals: aggregate('terminal', terminal, ports),
  keys: aggregate('key', apiKey, ports),
  connectors: aggregate('connector', connector, ports),
  notifications: aggregate('notification', notification, { ...ports, cache: noCache }),
  webhookEndpoints: aggregate('webhook', webhookEndpoint, ports),
  batches: aggregate('batch', batch, ports),
  payments: aggregate('payment', payment, ports),
  seals: aggregate('seal', seal, { ...ports, cache: noCache }), // large and rarely asked for
  establishments: aggregate('establishment', establishment, { ...ports, cache: noCache }), // many, each rarely asked for
  billers: aggregate('biller', biller, ports),
  bills: aggregate('bill', bill, { ...ports, cache: noCache }), // a file names each once
  complaints: aggregate('complaint', complaint, { ...ports, cache: noCache }), // by payment; few have one
  customers: aggregate('customer', customer, { ...ports, cache: noCache }), // each is asked for once or twice
  mandates: aggregate('mandate', mandate, { ...ports, cache: noCache }), // each is asked for a few times a month
  observations: aggregate('observation', observation, ports),
  feePlans: aggregate('feeplan', feePlans, ports),
  feeVolumes: aggregate('feevolume', feeVolume, { ...ports, cache: noCache }), // asked for a few times a month
  ownTargets: aggregate('targets', ownTargets, ports),
  settlements: aggregate('settlement', settlement, { ...ports, cache: noCache }), // thousands a day, each rarely asked for
  settlementCuts: aggregate('settlementCut', settlementCut, ports),
  statements: aggregate('statement', statement, { ...ports, cache: noCache }),
  statementLines: aggregate('statementlines', statementLines, { ...ports, cache: noCache }),
  reconciliationExceptions: aggregate('exception', reconciliationException, { ...ports, cache: noCache }),
  traces: aggregate('trace', trace, { ...ports, cache: noCache }), // few, each rarely asked for
  credits: aggregate('credit', credit, { ...ports, cache: noCache }), // each is asked for once or twice in its life
})
