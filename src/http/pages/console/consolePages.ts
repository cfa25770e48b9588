// /console: every page of it, for whoever has signed in.
import type { Endpoint } from '../../endpoint.ts'
import type { Services } from '../../services.ts'
import type { PageRoute } from '../route.ts'
import { apiOver } from './api.ts'
import { billsPages } from './bills.ts'
import { consolePage } from './consolePage.ts'
import { downloadPages } from './downloads.ts'
import { endCreditPages } from './endCredit.ts'
import { exceptionPages } from './exceptions.ts'
import { healthPage } from './health.ts'
import { consoleHome } from './home.ts'
import { merchantsPage } from './merchants.ts'
import { paymentPage } from './payment.ts'
import { paymentsPage } from './payments.ts'
import { profilePages } from './profile.ts'
import { refundPages } from './refund.ts'
import { settlementsPage } from './settlements.ts'
import { signInPages } from './signIn.ts'
import { sitesPage } from './sites.ts'
import { unappliedPage } from './unapplied.ts'

export function consolePages(endpoints: readonly Endpoint[], services: Services): PageRoute[] {
  const apiOf = apiOver(endpoints, services)
  const pages = [
    consoleHome,
    paymentsPage,
    paymentPage,
    ...refundPages(services),
    unappliedPage,
    ...endCreditPages(services),
    ...exceptionPages(services),
    settlementsPage,
    ...downloadPages,
    sitesPage,
    ...billsPages(services),
    ...profilePages(services),
    merchantsPage,
    healthPage,
  ]
  return [...signInPages(services), ...pages.map((page) => consolePage(page, apiOf, services))]
}
