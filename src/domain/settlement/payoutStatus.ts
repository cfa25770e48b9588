// What a bank's status codes (ISO 20022 ExternalPaymentTransactionStatus) say of a payout.

const meanings = {
  RCVD: 'accepted',
  ACTC: 'accepted',
  ACCP: 'accepted',
  ACFC: 'accepted',
  ACSP: 'accepted',
  ACWC: 'accepted',
  ACWP: 'accepted',
  PDNG: 'accepted',
  ACSC: 'settled',
  ACCC: 'settled',
  RJCT: 'rejected',
  CANC: 'rejected',
} as const

/** Undefined of a code that says nothing of a single payout, such as PART. */
export const meaningOf = (code: string): (typeof meanings)[keyof typeof meanings] | undefined =>
  Object.hasOwn(meanings, code) ? meanings[code as keyof typeof meanings] : undefined

/** One status of a report: of a payout, or of everything in a message or in one of its groups. */
export type ReportedStatus = {
  readonly code: string
  readonly reason?: string
} & ({ readonly endToEndId: string } | { readonly messageId: string; readonly paymentInformationId?: string })
