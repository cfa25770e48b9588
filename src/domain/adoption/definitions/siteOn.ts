// A site as it stood on a business date: what the definitions of acceptance look at. Days are business dates, null where there was none.
export type SiteOn = {
  readonly id: string
  readonly merchantId: string
  readonly sector: string
  readonly district: string
  readonly registeredOn: string
  /** The first activation among its terminals that were not revoked by then. */
  readonly terminalSince: string | null
  /** The first payment by QR that was asked for there, ever. */
  readonly qrSince: string | null
  /** The latest successful payment up to then. */
  readonly lastPaidOn: string | null
}
