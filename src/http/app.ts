// The HTTP app: every endpoint and page on one Hono, web standards only, for any runtime.
import { Hono } from 'hono'
import { getStatement } from './accountStatement.ts'
import { batchEndpoints } from './batches.ts'
import { billerFileEndpoints } from './billerFile.ts'
import { billerEndpoints } from './billers.ts'
import { billEndpoints } from './bills.ts'
import { catchUpEndpoint } from './catchUp.ts'
import { getCohorts } from './cohorts.ts'
import { complaintEndpoints } from './complaints.ts'
import { connectorEndpoints } from './connectors.ts'
import { customerEndpoints } from './customers.ts'
import { getDefinitions } from './definitions.ts'
import { disputeEndpoints } from './disputes.ts'
import { endCreditEndpoints } from './endCredit.ts'
import { type Described, type Endpoint, mount } from './endpoint.ts'
import { establishmentEndpoints } from './establishments.ts'
import { failure } from './failure.ts'
import { feePlanEndpoints } from './feePlans.ts'
import { getFigures } from './figures.ts'
import { fulfillmentEndpoints } from './fulfillment.ts'
import { fulfillmentExceptionEndpoints } from './fulfillmentExceptions.ts'
import { indicatorEndpoints } from './indicators.ts'
import { inquireBillsEndpoint } from './inquireBills.ts'
import { tableEndpoints } from './institutionTables.ts'
import { keyEndpoints } from './issueKey.ts'
import { mandateEndpoints } from './mandates.ts'
import { mapEndpoints } from './map.ts'
import { merchantEndpoints } from './merchants.ts'
import { notificationEndpoints } from './notifications.ts'
import { observationEndpoints } from './observations.ts'
import { openApiDocument } from './openapi.ts'
import { operationEndpoints } from './operations.ts'
import { mountPages } from './pages/pages.ts'
import { receiptDescribed } from './pages/receipt/receiptPages.ts'
import { payBillsEndpoint } from './payBills.ts'
import { payerComplaintEndpoints } from './payerComplaints.ts'
import { paymentEndpoints } from './payments.ts'
import { payoutEndpoints } from './payouts.ts'
import { periodReportEndpoints } from './periodReports.ts'
import { pickupEndpoint } from './pickups.ts'
import { problemResponse } from './problem.ts'
import { reconciliationExceptionEndpoints } from './reconciliationExceptions.ts'
import { reconciliationEndpoints } from './reconciliations.ts'
import { refundEndpoints } from './refunds.ts'
import { sandboxEndpoints } from './sandbox.ts'
import { sealEndpoints } from './seals.ts'
import type { Services } from './services.ts'
import { settlementEndpoints } from './settlements.ts'
import { siteEndpoints } from './sites.ts'
import { statisticsEndpoints } from './statistics.ts'
import { targetEndpoints } from './targets.ts'
import { terminalEndpoints } from './terminals.ts'
import { traceEndpoints } from './traces.ts'
import { getTransactions } from './transactions.ts'
import { transferEndpoints } from './transfers.ts'
import { getTrialBalance } from './trialBalance.ts'
import { unappliedCreditEndpoints } from './unappliedCredits.ts'
import { billUploadEndpoints } from './uploadBills.ts'
import { webhookEndpointEndpoints } from './webhookEndpoints.ts'
import { webhookMessageEndpoints } from './webhookMessages.ts'

/** Every endpoint; the sandbox's only where there is a sandbox. */
const endpointsOf = ({ settings: { sandbox }, sandboxBank }: Services): Endpoint[] => [
  ...merchantEndpoints,
  ...siteEndpoints,
  ...terminalEndpoints,
  ...batchEndpoints,
  ...connectorEndpoints,
  ...paymentEndpoints,
  ...fulfillmentEndpoints,
  pickupEndpoint(),
  ...fulfillmentExceptionEndpoints,
  ...notificationEndpoints,
  catchUpEndpoint(sandboxBank),
  ...unappliedCreditEndpoints,
  ...endCreditEndpoints,
  ...traceEndpoints,
  ...refundEndpoints,
  ...disputeEndpoints,
  ...transferEndpoints,
  ...feePlanEndpoints,
  getTrialBalance,
  getStatement,
  ...complaintEndpoints,
  ...payerComplaintEndpoints,
  ...indicatorEndpoints,
  ...reconciliationExceptionEndpoints, // before the address of one reconciliation, which would take theirs
  ...reconciliationEndpoints(),
  ...statisticsEndpoints,
  getDefinitions,
  getFigures,
  getTransactions,
  getCohorts,
  ...tableEndpoints,
  ...mapEndpoints,
  ...establishmentEndpoints,
  ...billerEndpoints,
  ...customerEndpoints,
  ...targetEndpoints,
  ...observationEndpoints,
  ...billUploadEndpoints(),
  inquireBillsEndpoint(),
  payBillsEndpoint(),
  ...billerFileEndpoints,
  ...billEndpoints,
  ...mandateEndpoints,
  ...keyEndpoints,
  ...sealEndpoints,
  ...settlementEndpoints,
  ...payoutEndpoints,
  ...periodReportEndpoints,
  ...webhookEndpointEndpoints,
  ...webhookMessageEndpoints,
  ...(sandbox ? sandboxEndpoints : []),
  ...operationEndpoints,
]

export function createApp(services: Services): Hono {
  const app = new Hono()
  const endpoints = endpointsOf(services)

  for (const endpoint of endpoints) mount(app, endpoint, services)
  const pages = mountPages(app, endpoints, services)

  const described = [...endpoints, receiptDescribed]
  const document = openApiDocument(described, services.settings.version)
  app.get('/openapi.json', (c) => c.json(document))
  app.notFound((c) => {
    const allowed = methodsAt(described, c.req.path)
    if (allowed.length === 0) return pages.notFound(c) ?? problemResponse('not_found')
    const headers = { allow: allowed.join(', ') }
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    return problemResponse('method_not_allowed', { headers })
  })
  app.onError((error, c) => failure(error, c.req.path, services))
  return app
}

/** The methods that an existing path takes, for 405. */
const methodsAt = (endpoints: readonly Described[], path: string): string[] =>
  endpoints
    .filter(({ path: template }) => pathPattern(template).test(path))
    .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))

const pathPattern = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
