// Who sells: the merchant of a request for payment, and the site and terminal it names.
import type { Gateway } from '../domain/gateway.ts'
import type { RegisteredMerchant } from '../domain/merchants/merchant.ts'
import type { Caller } from './auth.ts'
import { invalid } from './problem.ts'

type Named = { readonly siteId: string; readonly terminalId?: string | undefined }

/** The merchant, once the site, and the terminal where one is named, prove to be its own. */
export async function sellerOf(body: Named, caller: Caller, gateway: Gateway): Promise<RegisteredMerchant> {
  const { merchantId, terminalId: callingTerminal } = caller
  const { state: site } = await gateway.sites.load(body.siteId)
  if (site.status === 'new' || site.merchantId !== merchantId)
    throw invalid({ pointer: '/siteId', detail: 'This merchant has no such site.' })
  const terminalId = body.terminalId ?? callingTerminal
  if (callingTerminal && terminalId !== callingTerminal)
    throw invalid({ pointer: '/terminalId', detail: 'A terminal asks for itself only.' })
  if (terminalId) {
    const { state: terminal } = await gateway.terminals.load(terminalId)
    if (terminal.status === 'new' || terminal.siteId !== body.siteId)
      throw invalid({ pointer: '/terminalId', detail: 'This site has no such terminal.' })
    if (terminal.status === 'blocked' || terminal.status === 'revoked')
      throw invalid({ pointer: '/terminalId', detail: `This terminal is ${terminal.status}.` })
  }
  const { state: merchant } = await gateway.merchants.load(merchantId!)
  if (merchant.status === 'new') throw new Error(`key of an unknown merchant ${merchantId}`)
  return merchant
}
