// Every page, mounted beside the API: for payers, and for whoever wants to see or try the gateway.
import type { Context, Hono } from 'hono'
import type { Endpoint } from '../endpoint.ts'
import type { Services } from '../services.ts'
import { mountAssets } from './assets.ts'
import { findPages } from './bills/find.ts'
import { oneBillPage } from './bills/oneBill.ts'
import { payPage } from './bills/pay.ts'
import { checkoutPage } from './checkout.ts'
import { apiOver } from './console/api.ts'
import { consolePages } from './console/consolePages.ts'
import { docsPages } from './docs.ts'
import { homePage } from './home.ts'
import { machinesPages } from './machines/machinesPages.ts'
import { mapPages } from './map/mapPage.ts'
import { messagePage } from './message.ts'
import { problemsPage } from './problemsPage.ts'
import { receiptPage } from './receipt/receiptPages.ts'
import { mountPage, type PageRoute } from './route.ts'
import { sandboxPages } from './sandboxPage.ts'
import { statisticsPage } from './statistics/statisticsPage.ts'
import { visitOf } from './visit.ts'

const pagesOf = (endpoints: readonly Endpoint[], services: Services): PageRoute[] => [
  homePage(services),
  checkoutPage(services),
  receiptPage(services),
  ...findPages(services),
  payPage(services),
  oneBillPage(services),
  statisticsPage(apiOver(endpoints, services), services),
  ...mapPages(apiOver(endpoints, services), services),
  ...docsPages(services),
  problemsPage,
  ...consolePages(endpoints, services),
  ...(services.settings.sandbox ? [...sandboxPages(services), ...machinesPages(services)] : []),
]

export type Pages = {
  /** The page for a person who asks for what is not there; undefined where a program asks. */
  readonly notFound: (c: Context) => Promise<Response> | undefined
}

/** `endpoints`: the API, which the console asks in the name of whoever has signed in. */
export function mountPages(app: Hono, endpoints: readonly Endpoint[], services: Services): Pages {
  const asset = mountAssets(app, services)
  for (const page of pagesOf(endpoints, services)) mountPage(app, page, services, asset)
  return {
    notFound: (c) =>
      isPerson(c) ? messagePage(visitOf(c, services.settings.sandbox, asset), 404, 'notFound') : undefined,
  }
}

const isPerson = ({ req }: Context): boolean =>
  !/^\/v1(\/|$)/.test(req.path) && (req.header('accept') ?? '').includes('text/html')
