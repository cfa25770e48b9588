// The response codes that the host gives by itself (DE39); those of issuers are passed on as they are.
export const code = {
  approved: '00',
  invalidMerchant: '03',
  invalidTransaction: '12',
  invalidAmount: '13',
  invalidCard: '14',
  notFound: '25',
  formatError: '30',
  insufficientFunds: '51',
  notPermitted: '58',
  securityError: '63',
  outcomeUnknown: '68',
  noIssuer: '91',
  duplicate: '94',
  reconciliationError: '95',
  malfunction: '96',
} as const
