// A payment together with who sells: what a payer is shown.
import type { RegisteredMerchant } from '../../domain/merchants/merchant.ts'
import type { RegisteredSite } from '../../domain/merchants/site.ts'
import { asQrPayment } from '../../domain/payments/payment.ts'
import type { OpenedQrPayment } from '../../domain/payments/qrPayment.ts'
import { waitingCode } from '../pickupCode.ts'
import { hasReceipt, receiptUrl } from '../receiptUrl.ts'
import { paymentId } from '../schemas.ts'
import type { Services } from '../services.ts'

export type Sale = {
  readonly id: string
  readonly payment: OpenedQrPayment
  readonly merchant: RegisteredMerchant
  readonly site: RegisteredSite
  /** What the payer types at the machine, while the order waits there. */
  readonly pickupCode?: string
  /** Once it was paid. */
  readonly receiptUrl?: string
}

/** The payment by QR of this id, if there is one: a payment by card has no page for its payer. */
export async function findPayment(
  id: string,
  { gateway }: Services,
): Promise<ReturnType<typeof asQrPayment>> {
  if (!paymentId.safeParse(id).success) return undefined
  return asQrPayment((await gateway.payments.load(id)).state)
}

export async function findSale(id: string, services: Services): Promise<Sale | undefined> {
  const payment = await findPayment(id, services)
  if (!payment) return undefined
  const { state: merchant } = await services.gateway.merchants.load(payment.merchantId)
  const { state: site } = await services.gateway.sites.load(payment.siteId)
  if (merchant.status === 'new' || site.status === 'new') throw new Error(`${id} has no seller`)
  const pickupCode = waitingCode(id, payment, services)
  const receipt = hasReceipt(payment) ? { receiptUrl: receiptUrl(id, services) } : {}
  return { id, payment, merchant, site, ...receipt, ...(pickupCode !== undefined && { pickupCode }) }
}
